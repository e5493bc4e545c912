"""Generated from the schemas by dev/generate-python; never edited."""
from dms_client._generated.google.rpc import error_details_pb2 as error_details_pb2
from dms_client._generated.google.rpc import status_pb2 as status_pb2
