// The server of gRPC's interoperability tests, on gRPC's C++ library.
//
// Prints one line, "ready PORT", once it listens on loopback, and serves until its standard input ends.

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "common.h"
#include "grpc/testing/test.grpc.pb.h"

using namespace grpc::testing;
using grpc::ServerContext;
using grpc::Status;
using grpc::StatusCode;

namespace {

// Sends the metadata back that the client wants to see again, the one before the first message, the other last.
void EchoMetadata(ServerContext* context) {
  const auto& metadata = context->client_metadata();
  if (auto found = metadata.find(interop::kInitialName); found != metadata.end()) {
    context->AddInitialMetadata(interop::kInitialName, {found->second.data(), found->second.size()});
  }
  if (auto found = metadata.find(interop::kTrailingName); found != metadata.end()) {
    context->AddTrailingMetadata(interop::kTrailingName, {found->second.data(), found->second.size()});
  }
}

// Whether the message that came last is as its sender says, compressed or not.
template <typename Request>
bool IsAsExpected(const Request& request, ServerContext* context) {
  return !request.has_expect_compressed() ||
         request.expect_compressed().value() == interop::WasCompressed(context->c_call());
}

Status NotAsExpected() { return {StatusCode::INVALID_ARGUMENT, "the message did not come as its sender said"}; }

Status Asked(const EchoStatus& status) { return {static_cast<StatusCode>(status.code()), status.message()}; }

void Fill(Payload* payload, PayloadType type, int size) {
  payload->set_type(type);
  payload->set_body(std::string(size, '\0'));
}

// Sends what a request of a stream asks for.
template <typename Stream>
Status Answer(const StreamingOutputCallRequest& request, ServerContext* context, Stream* stream) {
  if (request.has_response_status()) return Asked(request.response_status());
  const auto& wanted = request.response_parameters();
  if (std::any_of(wanted.begin(), wanted.end(), [](const auto& one) { return one.compressed().value(); })) {
    // The library chooses among what the client accepts.
    context->set_compression_level(GRPC_COMPRESS_LEVEL_HIGH);
  }
  for (const auto& parameters : wanted) {
    std::this_thread::sleep_for(std::chrono::microseconds(parameters.interval_us()));
    StreamingOutputCallResponse response;
    Fill(response.mutable_payload(), request.response_type(), parameters.size());
    grpc::WriteOptions options;
    if (!parameters.compressed().value()) options.set_no_compression();
    if (!stream->Write(response, options)) return {StatusCode::CANCELLED, "the client is gone"};
  }
  return Status::OK;
}

class Service final : public TestService::Service {
  Status EmptyCall(ServerContext* context, const Empty*, Empty*) override {
    EchoMetadata(context);
    return Status::OK;
  }

  Status UnaryCall(ServerContext* context, const SimpleRequest* request, SimpleResponse* response) override {
    EchoMetadata(context);
    if (!IsAsExpected(*request, context)) return NotAsExpected();
    if (request->has_response_status()) return Asked(request->response_status());
    if (request->response_compressed().value()) context->set_compression_level(GRPC_COMPRESS_LEVEL_HIGH);
    Fill(response->mutable_payload(), request->response_type(), request->response_size());
    return Status::OK;
  }

  Status StreamingInputCall(ServerContext* context, grpc::ServerReader<StreamingInputCallRequest>* reader,
                            StreamingInputCallResponse* response) override {
    EchoMetadata(context);
    StreamingInputCallRequest request;
    int size = 0;
    while (reader->Read(&request)) {
      if (!IsAsExpected(request, context)) return NotAsExpected();
      size += static_cast<int>(request.payload().body().size());
    }
    response->set_aggregated_payload_size(size);
    return Status::OK;
  }

  Status StreamingOutputCall(ServerContext* context, const StreamingOutputCallRequest* request,
                             grpc::ServerWriter<StreamingOutputCallResponse>* writer) override {
    EchoMetadata(context);
    return Answer(*request, context, writer);
  }

  Status FullDuplexCall(
      ServerContext* context,
      grpc::ServerReaderWriter<StreamingOutputCallResponse, StreamingOutputCallRequest>* stream) override {
    EchoMetadata(context);
    StreamingOutputCallRequest request;
    while (stream->Read(&request)) {
      if (Status status = Answer(request, context, stream); !status.ok()) return status;
    }
    return Status::OK;
  }
};

}  // namespace

int main(int count, char** values) {
  const interop::Arguments arguments(count, values);
  auto credentials = grpc::InsecureServerCredentials();
  if (arguments("use_tls") == "true") {
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back(
        {interop::ReadFile(arguments("key")), interop::ReadFile(arguments("certificate"))});
    credentials = grpc::SslServerCredentials(options);
  }
  Service service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + arguments("port", "0"), credentials, &port);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (!server || port == 0) return 1;
  std::cout << "ready " << port << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
  }
  server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2));
}
