// The client of gRPC's interoperability tests, on gRPC's C++ library.
//
// Prints a line for every case: its name, "pass" or "fail", the milliseconds that it took, and why it failed, separated
// by tabs. Exits with 1 when a case failed.

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

#include "common.h"
#include "grpc/testing/test.grpc.pb.h"

using namespace grpc::testing;
using grpc::ClientContext;
using grpc::Status;
using grpc::StatusCode;

namespace {

template <typename Value>
void Expect(const std::string& what, const Value& value, const Value& expected) {
  if (value == expected) return;
  std::ostringstream text;
  text << what << " is " << value << ", not " << expected;
  throw std::runtime_error(text.str());
}

void ExpectOK(const std::string& what, const Status& status) {
  if (!status.ok()) {
    throw std::runtime_error(what + " ended with " + std::to_string(status.error_code()) + " " + status.error_message());
  }
}

void ExpectError(const std::string& what, const Status& status, StatusCode code) {
  Expect<int>("the code of " + what, status.error_code(), code);
}

void ExpectZeros(const Payload& payload, size_t size) {
  Expect("the size of the payload", payload.body().size(), size);
  Expect("a payload of zeros", payload.body() == std::string(size, '\0'), true);
}

// What a call that ends by itself is made with: what takes longer than ten seconds has failed.
struct Call {
  ClientContext context;

  Call() { context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10)); }

  bool WasCompressed() { return interop::WasCompressed(context.c_call()); }
};

SimpleRequest Large() {
  SimpleRequest request;
  request.set_response_size(314159);
  request.mutable_payload()->set_body(std::string(271828, '\0'));
  return request;
}

StreamingOutputCallRequest Asking(size_t sent, std::initializer_list<int> sizes) {
  StreamingOutputCallRequest request;
  request.mutable_payload()->set_body(std::string(sent, '\0'));
  for (int size : sizes) request.add_response_parameters()->set_size(size);
  return request;
}

class Cases {
 public:
  explicit Cases(const std::shared_ptr<grpc::Channel>& channel)
      : tests_(TestService::NewStub(channel)), unimplemented_(UnimplementedService::NewStub(channel)) {}

  void EmptyUnary() {
    Call call;
    Empty reply;
    ExpectOK("the call", tests_->EmptyCall(&call.context, Empty(), &reply));
    Expect<size_t>("the size of the reply", reply.ByteSizeLong(), 0);
  }

  void LargeUnary() {
    Call call;
    SimpleResponse reply;
    ExpectOK("the call", tests_->UnaryCall(&call.context, Large(), &reply));
    ExpectZeros(reply.payload(), 314159);
  }

  void ClientCompressedUnary() {
    auto unary = [this](bool claims_compressed, grpc_compression_algorithm algorithm, SimpleResponse* reply) {
      Call call;
      call.context.set_compression_algorithm(algorithm);
      SimpleRequest request = Large();
      request.mutable_expect_compressed()->set_value(claims_compressed);
      return tests_->UnaryCall(&call.context, request, reply);
    };
    SimpleResponse reply;
    ExpectError("the plain call that claims to be compressed", unary(true, GRPC_COMPRESS_NONE, &reply),
                StatusCode::INVALID_ARGUMENT);
    ExpectOK("the compressed call", unary(true, GRPC_COMPRESS_GZIP, &reply));
    ExpectZeros(reply.payload(), 314159);
    ExpectOK("the plain call", unary(false, GRPC_COMPRESS_NONE, &reply));
    ExpectZeros(reply.payload(), 314159);
  }

  void ServerCompressedUnary() {
    for (bool compressed : {true, false}) {
      Call call;
      SimpleRequest request = Large();
      request.mutable_response_compressed()->set_value(compressed);
      SimpleResponse reply;
      ExpectOK("the call", tests_->UnaryCall(&call.context, request, &reply));
      Expect("that the reply came compressed", call.WasCompressed(), compressed);
      ExpectZeros(reply.payload(), 314159);
    }
  }

  void ClientStreaming() {
    Call call;
    StreamingInputCallResponse reply;
    auto writer = tests_->StreamingInputCall(&call.context, &reply);
    for (size_t size : {27182, 8, 1828, 45904}) {
      StreamingInputCallRequest request;
      request.mutable_payload()->set_body(std::string(size, '\0'));
      Expect("that a request is sent", writer->Write(request), true);
    }
    writer->WritesDone();
    ExpectOK("the call", writer->Finish());
    Expect("the sum of the sizes", reply.aggregated_payload_size(), 74922);
  }

  void ClientCompressedStreaming() {
    auto request = [](size_t size, bool claims_compressed) {
      StreamingInputCallRequest request;
      request.mutable_payload()->set_body(std::string(size, '\0'));
      request.mutable_expect_compressed()->set_value(claims_compressed);
      return request;
    };
    StreamingInputCallResponse reply;
    {
      Call probe;
      auto writer = tests_->StreamingInputCall(&probe.context, &reply);
      writer->Write(request(27182, true), grpc::WriteOptions().set_no_compression());
      writer->WritesDone();
      ExpectError("the plain message that claims to be compressed", writer->Finish(), StatusCode::INVALID_ARGUMENT);
    }
    Call call;
    call.context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    auto writer = tests_->StreamingInputCall(&call.context, &reply);
    Expect("that the compressed request is sent", writer->Write(request(27182, true)), true);
    Expect("that the plain request is sent",
           writer->Write(request(45904, false), grpc::WriteOptions().set_no_compression()), true);
    writer->WritesDone();
    ExpectOK("the call", writer->Finish());
    Expect("the sum of the sizes", reply.aggregated_payload_size(), 73086);
  }

  void ServerStreaming() {
    Call call;
    auto reader = tests_->StreamingOutputCall(&call.context, Asking(0, {31415, 9, 2653, 58979}));
    StreamingOutputCallResponse reply;
    for (size_t size : {31415, 9, 2653, 58979}) {
      Expect("that there is a reply", reader->Read(&reply), true);
      ExpectZeros(reply.payload(), size);
    }
    Expect("that there is another reply", reader->Read(&reply), false);
    ExpectOK("the call", reader->Finish());
  }

  void ServerCompressedStreaming() {
    StreamingOutputCallRequest request = Asking(0, {31415, 92653});
    request.mutable_response_parameters(0)->mutable_compressed()->set_value(true);
    request.mutable_response_parameters(1)->mutable_compressed()->set_value(false);
    Call call;
    auto reader = tests_->StreamingOutputCall(&call.context, request);
    StreamingOutputCallResponse reply;
    for (const auto& parameters : request.response_parameters()) {
      Expect("that there is a reply", reader->Read(&reply), true);
      Expect("that the reply came compressed", call.WasCompressed(), parameters.compressed().value());
      ExpectZeros(reply.payload(), parameters.size());
    }
    Expect("that there is another reply", reader->Read(&reply), false);
    ExpectOK("the call", reader->Finish());
  }

  void PingPong() {
    Call call;
    auto stream = tests_->FullDuplexCall(&call.context);
    StreamingOutputCallResponse reply;
    for (auto [sent, asked] : {std::pair{27182, 31415}, {8, 9}, {1828, 2653}, {45904, 58979}}) {
      Expect("that a request is sent", stream->Write(Asking(sent, {asked})), true);
      Expect("that there is a reply", stream->Read(&reply), true);
      ExpectZeros(reply.payload(), asked);
    }
    stream->WritesDone();
    Expect("that there is another reply", stream->Read(&reply), false);
    ExpectOK("the call", stream->Finish());
  }

  void EmptyStream() {
    Call call;
    auto stream = tests_->FullDuplexCall(&call.context);
    stream->WritesDone();
    StreamingOutputCallResponse reply;
    Expect("that there is a reply", stream->Read(&reply), false);
    ExpectOK("the call", stream->Finish());
  }

  void CustomMetadata() {
    const std::string text = "test_initial_metadata_value", bytes = "\xab\xab\xab";
    auto add = [&](Call* call) {
      call->context.AddMetadata(interop::kInitialName, text);
      call->context.AddMetadata(interop::kTrailingName, bytes);
    };
    auto expect_echo = [&](const Call& call, const std::string& what) {
      auto values = [](const std::multimap<grpc::string_ref, grpc::string_ref>& metadata, const char* name) {
        std::string all;
        auto [first, last] = metadata.equal_range(name);
        for (; first != last; ++first) all.append(first->second.data(), first->second.size());
        return all;
      };
      const auto& initial = call.context.GetServerInitialMetadata();
      const auto& trailing = call.context.GetServerTrailingMetadata();
      Expect("initial metadata of " + what, values(initial, interop::kInitialName), text);
      Expect("trailing metadata of " + what, values(trailing, interop::kTrailingName), bytes);
    };

    Call unary;
    add(&unary);
    SimpleResponse reply;
    ExpectOK("the unary call", tests_->UnaryCall(&unary.context, Large(), &reply));
    ExpectZeros(reply.payload(), 314159);
    expect_echo(unary, "the unary call");

    Call call;
    add(&call);
    auto stream = tests_->FullDuplexCall(&call.context);
    Expect("that the request is sent", stream->Write(Asking(271828, {314159})), true);
    stream->WritesDone();
    StreamingOutputCallResponse streamed;
    Expect("that there is a reply", stream->Read(&streamed), true);
    ExpectZeros(streamed.payload(), 314159);
    Expect("that there is another reply", stream->Read(&streamed), false);
    ExpectOK("the stream", stream->Finish());
    expect_echo(call, "the stream");
  }

  void StatusCodeAndMessage() {
    const std::string message = "test status message";
    ExpectStatusEcho(message);

    Call call;
    auto stream = tests_->FullDuplexCall(&call.context);
    StreamingOutputCallRequest request;
    request.mutable_response_status()->set_code(StatusCode::UNKNOWN);
    request.mutable_response_status()->set_message(message);
    Expect("that the request is sent", stream->Write(request), true);
    stream->WritesDone();
    StreamingOutputCallResponse reply;
    Expect("that there is a reply", stream->Read(&reply), false);
    Status status = stream->Finish();
    ExpectError("the stream", status, StatusCode::UNKNOWN);
    Expect("the message of the stream", status.error_message(), message);
  }

  void SpecialStatusMessage() {
    ExpectStatusEcho(
        "\t\ntest with whitespace\r\nand Unicode BMP \xe2\x98\xba and non-BMP \xf0\x9f\x98\x88\t\n");
  }

  void UnimplementedMethod() {
    Call call;
    Empty reply;
    ExpectError("the call of a method that is not served",
                tests_->UnimplementedCall(&call.context, Empty(), &reply), StatusCode::UNIMPLEMENTED);
  }

  void UnimplementedServiceCall() {
    Call call;
    Empty reply;
    ExpectError("the call of a service that is not served",
                unimplemented_->UnimplementedCall(&call.context, Empty(), &reply), StatusCode::UNIMPLEMENTED);
  }

  void CancelAfterBegin() {
    Call call;
    StreamingInputCallResponse reply;
    auto writer = tests_->StreamingInputCall(&call.context, &reply);
    call.context.TryCancel();
    ExpectError("the call", writer->Finish(), StatusCode::CANCELLED);
  }

  void CancelAfterFirstResponse() {
    Call call;
    auto stream = tests_->FullDuplexCall(&call.context);
    Expect("that the request is sent", stream->Write(Asking(27182, {31415})), true);
    StreamingOutputCallResponse reply;
    Expect("that there is a reply", stream->Read(&reply), true);
    ExpectZeros(reply.payload(), 31415);
    call.context.TryCancel();
    ExpectError("the call", stream->Finish(), StatusCode::CANCELLED);
  }

  void TimeoutOnSleepingServer() {
    ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1));
    auto stream = tests_->FullDuplexCall(&context);
    stream->Write(Asking(27182, {}));  // It may be late already.
    ExpectError("the call", stream->Finish(), StatusCode::DEADLINE_EXCEEDED);
  }

 private:
  // A unary call ends with the status that it asked for.
  void ExpectStatusEcho(const std::string& message) {
    Call call;
    SimpleRequest request;
    request.mutable_response_status()->set_code(StatusCode::UNKNOWN);
    request.mutable_response_status()->set_message(message);
    SimpleResponse reply;
    Status status = tests_->UnaryCall(&call.context, request, &reply);
    ExpectError("the unary call", status, StatusCode::UNKNOWN);
    Expect("the message of the unary call", status.error_message(), message);
  }

  std::unique_ptr<TestService::Stub> tests_;
  std::unique_ptr<UnimplementedService::Stub> unimplemented_;
};

const std::map<std::string, void (Cases::*)()> kCases = {
    {"empty_unary", &Cases::EmptyUnary},
    {"large_unary", &Cases::LargeUnary},
    {"client_compressed_unary", &Cases::ClientCompressedUnary},
    {"server_compressed_unary", &Cases::ServerCompressedUnary},
    {"client_streaming", &Cases::ClientStreaming},
    {"client_compressed_streaming", &Cases::ClientCompressedStreaming},
    {"server_streaming", &Cases::ServerStreaming},
    {"server_compressed_streaming", &Cases::ServerCompressedStreaming},
    {"ping_pong", &Cases::PingPong},
    {"empty_stream", &Cases::EmptyStream},
    {"custom_metadata", &Cases::CustomMetadata},
    {"status_code_and_message", &Cases::StatusCodeAndMessage},
    {"special_status_message", &Cases::SpecialStatusMessage},
    {"unimplemented_method", &Cases::UnimplementedMethod},
    {"unimplemented_service", &Cases::UnimplementedServiceCall},
    {"cancel_after_begin", &Cases::CancelAfterBegin},
    {"cancel_after_first_response", &Cases::CancelAfterFirstResponse},
    {"timeout_on_sleeping_server", &Cases::TimeoutOnSleepingServer},
};

std::shared_ptr<grpc::Channel> Connect(const interop::Arguments& arguments) {
  grpc::ChannelArguments options;
  // Each case has a connection of its own, as it would have in a program of its own.
  options.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  auto credentials = grpc::InsecureChannelCredentials();
  if (arguments("use_tls") == "true") {
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = interop::ReadFile(arguments("authority"));
    credentials = grpc::SslCredentials(tls);
    if (auto name = arguments("server_host_override"); !name.empty()) options.SetSslTargetNameOverride(name);
  }
  return grpc::CreateCustomChannel(arguments("server_host", "127.0.0.1") + ":" + arguments("server_port"), credentials,
                                   options);
}

}  // namespace

int main(int count, char** values) {
  const interop::Arguments arguments(count, values);
  std::istringstream names(arguments("test_case"));
  bool have_all_passed = true;
  for (std::string name; std::getline(names, name, ',');) {
    const auto start = std::chrono::steady_clock::now();
    std::string outcome = "pass", reason;
    try {
      auto found = kCases.find(name);
      if (found == kCases.end()) throw std::runtime_error("there is no such case");
      Cases cases(Connect(arguments));
      (cases.*found->second)();
    } catch (const std::exception& error) {
      have_all_passed = false;
      outcome = "fail";
      reason = error.what();
      for (char& character : reason) {
        if (character == '\n' || character == '\r' || character == '\t') character = ' ';
      }
    }
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    std::cout << name << '\t' << outcome << '\t' << time.count() << '\t' << reason << std::endl;
  }
  return have_all_passed ? 0 : 1;
}
