#include "dms/upload.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace dms {

namespace {

using inventory::v1::StreamInventoryRequest;
using inventory::v1::StreamInventoryResponse;
using Stream = grpc::ClientReaderWriter<StreamInventoryRequest, StreamInventoryResponse>;

constexpr int resyncs_max = 3;

Error senseless(const std::string& what) {
  return Error(grpc::StatusCode::INTERNAL, "the server's answers make no sense: " + what);
}

// One upload: what is durable, what is under way, and the stream that carries it.
class Upload {
 public:
  Upload(Client& client, const std::string& dealer_id, const EventSource& source, const UploadOptions& options)
      : client_(client), source_(source), options_(options) {
    open_.set_dealer_id(dealer_id);
    open_.set_source(options.source);
    open_.set_epoch(options.epoch);
  }

  UploadSummary run() {
    Reconnection reconnection = client_.reconnection();
    while (true) {
      try {
        exchange(reconnection);
        summary_.last_sequence = durable_;
        return summary_;
      } catch (const Error& error) {
        const auto wait = reconnection.wait(error);
        if (!wait) throw;
        summary_.resumptions++;
        std::this_thread::sleep_for(*wait);
      }
    }
  }

 private:
  // Runs one stream to its end; returns when everything is durable.
  void exchange(Reconnection& reconnection) {
    is_open_ = source_ended_ = stopped_ = false;
    failure_ = nullptr;
    grpc::ClientContext context;
    client_.prepare(context);
    const auto stream = client_.inventory().StreamInventory(&context);
    std::thread sender([&] { send(*stream, context); });
    std::exception_ptr thrown;
    try {
      StreamInventoryResponse response;
      while (stream->Read(&response)) handle(response, reconnection);
    } catch (...) {
      thrown = std::current_exception();
      context.TryCancel();
      StreamInventoryResponse rest;
      while (stream->Read(&rest)) {
      }
    }
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      moved_.notify_all();
    }
    sender.join();
    const grpc::Status status = stream->Finish();
    if (thrown) std::rethrow_exception(thrown);
    if (failure_) std::rethrow_exception(failure_);
    if (!status.ok()) throw Error(status);
    if (!(is_open_ && source_ended_ && durable_ == sent_)) {
      throw Error(grpc::StatusCode::UNAVAILABLE, "the server ended the stream");
    }
  }

  // --- sending, in a thread of its own ---

  void send(Stream& stream, grpc::ClientContext& context) {
    StreamInventoryRequest request;
    *request.mutable_open() = open_;
    if (!stream.Write(request)) return;
    try {
      while (const auto step = next_step()) {
        const auto events = source_(step->after, step->limit);
        {
          const std::lock_guard lock(mutex_);
          for (const auto& event : events) {
            if (event.sequence() != sent_ + 1) throw std::logic_error("the source's sequences do not count up by one");
            sent_++;
          }
          source_ended_ = events.empty();
        }
        if (events.empty()) continue;
        request.mutable_batch()->clear_events();
        for (const auto& event : events) *request.mutable_batch()->add_events() = event;
        if (!stream.Write(request)) return;
      }
      stream.WritesDone();
    } catch (...) {
      failure_ = std::current_exception();
      context.TryCancel();
    }
  }

  struct Step {
    std::int64_t after;
    int limit;
  };

  // Waits until there is something to send; empty once all is durable or the stream is over.
  std::optional<Step> next_step() {
    std::unique_lock lock(mutex_);
    const auto room = [this] { return std::max(options_.window_max, 1) - (sent_ - durable_); };
    moved_.wait(lock, [&] {
      return stopped_ || (is_open_ && (source_ended_ ? durable_ == sent_ : room() > 0));
    });
    if (stopped_ || source_ended_) return std::nullopt;
    const auto limit = std::min<std::int64_t>(room(), std::clamp(options_.batch_max, 1, 1'000));
    return Step{sent_, static_cast<int>(limit)};
  }

  // --- receiving ---

  void handle(const StreamInventoryResponse& response, Reconnection& reconnection) {
    switch (response.message_case()) {
      case StreamInventoryResponse::kOpened:
        opened(response.opened().last_sequence());
        reconnection.answered();
        break;
      case StreamInventoryResponse::kAck:
        acknowledged(response.ack(), reconnection);
        break;
      case StreamInventoryResponse::kResyncRequired:
        if (++resyncs_ > resyncs_max) throw senseless("it still asks for the same events");
        throw Error(grpc::StatusCode::UNAVAILABLE, "the server asks for events again");
      case StreamInventoryResponse::MESSAGE_NOT_SET:
        break;
    }
  }

  void opened(std::int64_t last) {
    const std::lock_guard lock(mutex_);
    if (is_open_ || last < 0) throw senseless("the stream was opened again or at " + std::to_string(last));
    is_open_ = true;
    durable_ = sent_ = last;
    moved_.notify_all();
  }

  void acknowledged(const inventory::v1::EventAck& ack, Reconnection& reconnection) {
    {
      const std::lock_guard lock(mutex_);
      if (!is_open_ || ack.last_sequence() > sent_) throw senseless("events were acknowledged that were not sent");
      if (ack.last_sequence() <= durable_) return;
      durable_ = ack.last_sequence();
      resyncs_ = 0;
      moved_.notify_all();
    }
    reconnection.answered();
    summary_.applied_count += ack.applied_count();
    summary_.duplicate_count += ack.duplicate_count();
    summary_.rejected_count += ack.rejected_size();
    if (options_.on_acknowledged) options_.on_acknowledged(ack);
  }

  Client& client_;
  const EventSource& source_;
  const UploadOptions& options_;
  inventory::v1::StreamOpen open_;
  UploadSummary summary_;
  int resyncs_ = 0;

  std::mutex mutex_;
  std::condition_variable moved_;
  // Guarded by the mutex while a stream is open.
  bool is_open_ = false, source_ended_ = false, stopped_ = false;
  std::int64_t durable_ = 0, sent_ = 0;
  // Written by the sender, read after it was joined.
  std::exception_ptr failure_;
};

}  // namespace

UploadSummary upload_stock(Client& client, const std::string& dealer_id, const EventSource& source,
                           const UploadOptions& options) {
  return Upload(client, dealer_id, source, options).run();
}

}  // namespace dms
