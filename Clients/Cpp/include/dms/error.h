// Why a call failed: the server's answer in full, or what kept the call from getting one.
#pragma once

#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>

namespace dms {

// What stands against a call: a field that is wrong, a rule that blocks, or a limit that was passed.
struct Violation {
  // The rule's reason code, such as `CREDIT_EXCEEDED`; empty for fields and limits.
  std::string rule;
  // Where it stands or what it concerns, such as `order.lines[3].quantity` or `dealer/4711`.
  std::string subject;
  // What is wrong and what would be right, as a sentence.
  std::string description;
};

// A failed call. Branch on `reason` first, on `code` where a whole kind of failure is meant.
class Error : public std::exception {
 public:
  // What gRPC's status says, with its details; `request_id` is that of the write, or empty.
  explicit Error(const grpc::Status& status, std::string request_id = "");
  // A failure on this side.
  Error(grpc::StatusCode code, std::string message);
  // The failure of one item of a stream.
  explicit Error(const google::rpc::Status& status, std::string request_id = "");

  // The kind of failure.
  grpc::StatusCode code;
  // What went wrong, as a sentence.
  std::string message;
  // The precise reason, one of `dms.error.v1.ErrorReason` without its prefix, such as `RULE_BLOCKED`; may be empty.
  std::string reason;
  // Facts of the reason by name, such as `current_etag`.
  std::map<std::string, std::string> metadata;
  // Every field that is wrong, with INVALID_ARGUMENT.
  std::vector<Violation> fields;
  // Every rule or state that stands against the call, with FAILED_PRECONDITION.
  std::vector<Violation> preconditions;
  // Every limit that was passed, with RESOURCE_EXHAUSTED.
  std::vector<Violation> quotas;
  // How long the server asks to wait before another try.
  std::optional<std::chrono::milliseconds> retry_delay;
  // The request id under which the write was tried; empty for reads.
  std::string request_id;

  // Whether the same call may succeed a little later: nothing is wrong with the call itself.
  bool is_transient() const;
  // Whether a write may have been committed although the answer never came.
  bool is_outcome_unknown() const;
  // Reason and message on one line, and each violation on a line of its own.
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  void read(const google::rpc::Status& status);
  void write_text();

  std::string text_;
};

}  // namespace dms
