// The peer of the echo client: gRPC C++'s asynchronous API, one completion queue and one thread, as its own documents
// write a fast client.
//
//   grpc_echo_client PORT ORDER SECONDS CALLS

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "bench/v1/bench.grpc.pb.h"

namespace {

using Clock = std::chrono::steady_clock;

// One of the calls that are under way; when it is answered it begins anew.
struct Call {
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<bench::v1::Order>> reader;
  bench::v1::Order reply;
  grpc::Status status;
};

class Load {
 public:
  Load(int port, const std::string& bytes, int calls)
      : stub_(bench::v1::EchoService::NewStub(grpc::CreateChannel(
            "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()))),
        bytes_(bytes),
        calls_(calls) {
    if (!order_.ParseFromString(bytes)) std::exit(1);
  }

  // Keeps the calls under way for so long; returns how many a second there were.
  double Rate(double seconds) {
    const auto start = Clock::now();
    const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    for (auto& call : calls_) Begin(call);
    size_t open = calls_.size();
    long answered = 0;
    void* tag = nullptr;
    bool ok = false;
    bool over = false;
    while (open > 0 && queue_.Next(&tag, &ok)) {
      auto& call = *static_cast<Call*>(tag);
      if (!ok || !call.status.ok() || call.reply.lines_size() != order_.lines_size() ||
          call.reply.total_micros() != order_.total_micros()) {
        std::fprintf(stderr, "a call failed: %s\n", call.status.error_message().c_str());
        std::exit(1);
      }
      answered += 1;
      if (answered % 16 == 0) over = Clock::now() >= end;
      if (over) {
        open -= 1;
      } else {
        Begin(call);
      }
    }
    return static_cast<double>(answered) / std::chrono::duration<double>(Clock::now() - start).count();
  }

  // Whether a reply has the bytes that were sent.
  bool Check() {
    return calls_.front().reply.SerializeAsString() == bytes_;
  }

 private:
  void Begin(Call& call) {
    call.context = std::make_unique<grpc::ClientContext>();
    call.reader = stub_->PrepareAsyncEcho(call.context.get(), order_, &queue_);
    call.reader->StartCall();
    call.reader->Finish(&call.reply, &call.status, &call);
  }

  std::unique_ptr<bench::v1::EchoService::Stub> stub_;
  grpc::CompletionQueue queue_;
  bench::v1::Order order_;
  std::string bytes_;
  std::vector<Call> calls_;
};

}  // namespace

int main(int count, char** words) {
  if (count != 5) {
    std::fprintf(stderr, "usage: grpc_echo_client PORT ORDER SECONDS CALLS\n");
    return 2;
  }
  std::ifstream file(words[2], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const double seconds = std::atof(words[3]);
  Load load(std::atoi(words[1]), bytes, std::atoi(words[4]));
  load.Rate(seconds / 4);
  const double rate = load.Rate(seconds);
  if (!load.Check()) return 1;
  std::printf("{\"calls_per_second\": %f}\n", rate);
  return 0;
}
