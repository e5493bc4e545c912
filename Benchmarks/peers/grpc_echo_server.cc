// The peer of the echo server: gRPC C++'s callback API, as its own documents write fast services.
//
//   grpc_echo_server        listens on a free port of the loopback and prints it; on SIGTERM, prints how many
//                           orders it gave back

#include <grpcpp/grpcpp.h>
#include <signal.h>

#include <atomic>
#include <cstdio>

#include "bench/v1/bench.grpc.pb.h"
#include "bench/v1/stream.grpc.pb.h"

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

// The event at a place of a stream, of 100 bytes.
void SetNumber(bench::v1::Event& event, long number) {
  event.set_revision((1L << 21) + number);
  event.set_dealer_id("dealers/10-4711");
  event.set_sku("SKU-0815-0042-XL");
  event.set_warehouse_id("warehouses/main");
  event.set_quantity(12);
  event.set_time_micros(1763990400000000L + number);
  event.set_note("counted by hand, after closing");
}

class DownloadStream final : public grpc::ServerWriteReactor<bench::v1::Event> {
 public:
  explicit DownloadStream(long count) : count_(count) { Next(); }

  void OnWriteDone(bool ok) override {
    if (ok) {
      Next();
    } else {
      Finish(grpc::Status(grpc::StatusCode::CANCELLED, ""));
    }
  }

  void OnDone() override { delete this; }

 private:
  void Next() {
    if (sent_ == count_) {
      Finish(grpc::Status::OK);
      return;
    }
    sent_ += 1;
    event_ = bench::v1::Event();
    SetNumber(event_, sent_);
    StartWrite(&event_);
  }

  const long count_;
  long sent_ = 0;
  bench::v1::Event event_;
};

class UploadStream final : public grpc::ServerReadReactor<bench::v1::Event> {
 public:
  explicit UploadStream(bench::v1::UploadResponse* response) : response_(response) { StartRead(&event_); }

  void OnReadDone(bool ok) override {
    if (!ok) {
      response_->set_count(count_);
      response_->set_quantity(quantity_);
      Finish(grpc::Status::OK);
      return;
    }
    count_ += 1;
    quantity_ += event_.quantity();
    StartRead(&event_);
  }

  void OnDone() override { delete this; }

 private:
  bench::v1::UploadResponse* const response_;
  bench::v1::Event event_;
  long count_ = 0;
  long quantity_ = 0;
};

class Streams final : public bench::v1::StreamService::CallbackService {
 public:
  grpc::ServerWriteReactor<bench::v1::Event>* Download(grpc::CallbackServerContext*,
                                                       const bench::v1::DownloadRequest* request) override {
    return new DownloadStream(request->count());
  }

  grpc::ServerReadReactor<bench::v1::Event>* Upload(grpc::CallbackServerContext*,
                                                    bench::v1::UploadResponse* response) override {
    return new UploadStream(response);
  }
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
  Streams streams;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 1000);
  builder.RegisterService(&service);
  builder.RegisterService(&streams);
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
