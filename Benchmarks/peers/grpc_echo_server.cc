// The peer of the echo server: gRPC C++'s callback API, as its own documents write a fast unary service.
//
//   grpc_echo_server        listens on a free port of the loopback and prints it; on SIGTERM, prints how many
//                           calls it answered

#include <grpcpp/grpcpp.h>
#include <signal.h>

#include <atomic>
#include <cstdio>

#include "bench/v1/bench.grpc.pb.h"

namespace {

class EchoCalls final : public bench::v1::EchoService::CallbackService {
 public:
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const bench::v1::Order* request,
                                 bench::v1::Order* response) override {
    *response = *request;
    answered_.fetch_add(1, std::memory_order_relaxed);
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  long answered() const { return answered_.load(); }

 private:
  std::atomic<long> answered_{0};
};

}  // namespace

int main() {
  // Blocked before gRPC starts its threads, so that sigwait below is the one to get them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  EchoCalls service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 1000);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (!server) return 1;
  std::printf("{\"port\": %d}\n", port);
  std::fflush(stdout);

  int received = 0;
  sigwait(&signals, &received);
  server->Shutdown();
  std::printf("{\"answered\": %ld}\n", service.answered());
  return 0;
}
