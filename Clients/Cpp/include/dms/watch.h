// Changes in the order of their commits, each at least once, over breaks of the connection.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include <grpcpp/grpcpp.h>

#include "dms/error.h"
#include "dms/retry.h"

namespace dms {

// A watch that goes on by itself. A message counts as handled when the next one is asked for; after a break the watch
// waits a little and goes on after the last handled revision, so that nothing is skipped. Store the message's revision
// with what you made of it, and start after it in the next run.
//
// One thread reads; `close` may be called from any. The client must outlive the watch.
template <typename Response>
class Watch {
 public:
  using Open = std::function<std::unique_ptr<grpc::ClientReader<Response>>(grpc::ClientContext&, std::int64_t)>;

  Watch(std::int64_t after, Reconnection reconnection, Open open)
      : revision_(after), reconnection_(std::move(reconnection)), open_(std::move(open)) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    close();
    if (reader_) reader_->Finish();
  }

  // Waits for the next message; false once the watch is closed. Throws Error: OUT_OF_RANGE `REVISION_COMPACTED` when the
  // server's log no longer reaches back that far (list everything, and watch after the revision of the first page), and
  // every other error that does not pass.
  bool next(Response* message) {
    while (open()) {
      if (reader_->Read(message)) {
        if (message->revision() < revision_) {
          throw Error(grpc::StatusCode::INTERNAL, "the watch went back to revision " + std::to_string(message->revision()));
        }
        reconnection_.answered();
        revision_ = message->revision();
        return true;
      }
      grpc::Status status = reader_->Finish();
      reader_.reset();
      // Servers end streams that have grown old; that is no fault of anybody.
      if (status.ok()) status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server ended the watch");
      pause(Error(status));
    }
    return false;
  }

  // Ends the stream; whoever waits for a message sees the watch end.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    if (context_) context_->TryCancel();
    wake_.notify_all();
  }

  // Everything up to this revision has been delivered.
  std::int64_t revision() const { return revision_; }
  // Times that the stream was opened again.
  int resumptions() const { return resumptions_; }

 private:
  bool open() {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    if (!reader_) {
      context_ = std::make_unique<grpc::ClientContext>();
      reader_ = open_(*context_, revision_);
    }
    return true;
  }

  void pause(const Error& error) {
    std::unique_lock lock(mutex_);
    if (closed_) return;
    const auto wait = reconnection_.wait(error);
    if (!wait) {
      closed_ = true;
      throw error;
    }
    resumptions_++;
    wake_.wait_for(lock, *wait, [this] { return closed_; });
  }

  std::int64_t revision_;
  int resumptions_ = 0;
  Reconnection reconnection_;
  Open open_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool closed_ = false;
  // The context outlives the reader.
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
};

}  // namespace dms
