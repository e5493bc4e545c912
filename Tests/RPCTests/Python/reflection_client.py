"""Calls a server of which nothing is known but its address and a key: all else is asked of its reflection service.

  python reflection_client.py TARGET KEY

Prints `ok` when it saw what it should.
"""

import sys

import grpc
from google.protobuf import descriptor_pool, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

target, key = sys.argv[1:3]

with grpc.insecure_channel(target) as channel:
    # Through the older name, as gRPC's own client does.
    database = ProtoReflectionDescriptorDatabase(channel)
    services = set(database.get_services())
    assert {"dms.admin.v1.AdminService", "dms.order.v1.OrderService", "grpc.health.v1.Health"} <= services, services

    pool = descriptor_pool.DescriptorPool(database)
    for service in services:
        for method in pool.FindServiceByName(service).methods:
            message_factory.GetMessageClass(method.input_type)
            message_factory.GetMessageClass(method.output_type)

    method = pool.FindMethodByName("dms.admin.v1.AdminService.WhoAmI")
    request = message_factory.GetMessageClass(method.input_type)
    reply = message_factory.GetMessageClass(method.output_type)
    call = channel.unary_unary(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=request.SerializeToString,
        response_deserializer=reply.FromString,
    )
    answer = call(request(), metadata=[("authorization", f"Bearer {key}")], timeout=10)
    assert "admin" in str(answer), answer

    # The same under the newer name; the messages are the same.
    call = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    for response in call(iter([reflection_pb2.ServerReflectionRequest(list_services="")]), timeout=10):
        assert {service.name for service in response.list_services_response.service} == services, response

    health = health_pb2_grpc.HealthStub(channel)
    serving = health_pb2.HealthCheckResponse.SERVING
    assert health.Check(health_pb2.HealthCheckRequest(), timeout=10).status == serving
    watch = health.Watch(health_pb2.HealthCheckRequest(service="dms.admin.v1.AdminService"), timeout=10)
    assert next(watch).status == serving
    watch.cancel()

print("ok")
