// Whoever imports the client has what its calls take and give: messages, status codes, call options.
@_exported public import DMSAPI
@_exported public import ProtobufC
@_exported public import RPC
