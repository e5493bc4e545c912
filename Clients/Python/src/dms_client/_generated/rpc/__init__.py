"""Generated from the schemas by dev/generate-python; never edited."""

# Where googleapis-common-protos is installed, its modules are used: one process can hold only one description of a file.
try:
    from google.rpc import error_details_pb2, status_pb2
except ImportError:
    from dms_client._generated.google.rpc import error_details_pb2, status_pb2

__all__ = ["error_details_pb2", "status_pb2"]
