#include "dms/error.h"

#include <algorithm>
#include <utility>

#include <google/rpc/error_details.pb.h>

namespace dms {

namespace rpc = google::rpc;

Error::Error(const grpc::Status& status, std::string request_id)
    : code(status.error_code()), message(status.error_message()), request_id(std::move(request_id)) {
  rpc::Status details;
  // Details that are damaged are passed over: the code and the message still stand.
  if (details.ParseFromString(status.error_details())) read(details);
  write_text();
}

Error::Error(grpc::StatusCode code, std::string message) : code(code), message(std::move(message)) { write_text(); }

Error::Error(const rpc::Status& status, std::string request_id)
    : code(static_cast<grpc::StatusCode>(status.code())), message(status.message()), request_id(std::move(request_id)) {
  read(status);
  write_text();
}

bool Error::is_transient() const {
  return code == grpc::StatusCode::UNAVAILABLE ||
         (code == grpc::StatusCode::RESOURCE_EXHAUSTED && reason == "OVERLOADED");
}

bool Error::is_outcome_unknown() const {
  return !request_id.empty() && (code == grpc::StatusCode::UNAVAILABLE ||
                                 code == grpc::StatusCode::DEADLINE_EXCEEDED || code == grpc::StatusCode::CANCELLED);
}

void Error::read(const rpc::Status& status) {
  rpc::ErrorInfo info;
  rpc::BadRequest request;
  rpc::PreconditionFailure failure;
  rpc::QuotaFailure quota;
  rpc::RetryInfo retry;
  for (const auto& detail : status.details()) {
    if (detail.UnpackTo(&info)) {
      reason = info.reason();
      metadata = {info.metadata().begin(), info.metadata().end()};
    } else if (detail.UnpackTo(&request)) {
      for (const auto& each : request.field_violations()) fields.push_back({"", each.field(), each.description()});
    } else if (detail.UnpackTo(&failure)) {
      for (const auto& each : failure.violations()) {
        preconditions.push_back({each.type(), each.subject(), each.description()});
      }
    } else if (detail.UnpackTo(&quota)) {
      for (const auto& each : quota.violations()) quotas.push_back({"", each.subject(), each.description()});
    } else if (detail.UnpackTo(&retry)) {
      const auto seconds = std::clamp<std::int64_t>(retry.retry_delay().seconds(), 0, 86'400);
      const auto nanos = std::clamp<std::int32_t>(retry.retry_delay().nanos(), 0, 999'999'999);
      retry_delay = std::chrono::milliseconds(seconds * 1'000 + nanos / 1'000'000);
    }
  }
}

void Error::write_text() {
  text_ = (reason.empty() ? "status " + std::to_string(code) : reason) + ": " + message;
  for (const auto* list : {&fields, &preconditions, &quotas}) {
    for (const auto& each : *list) {
      text_ += "\n  " + (each.rule.empty() ? "" : each.rule + " ") + each.subject + ": " + each.description;
    }
  }
}

}  // namespace dms
