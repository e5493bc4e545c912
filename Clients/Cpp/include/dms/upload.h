// Sends a dealer's stock events, exactly once in effect, over breaks of the connection and restarts of either side.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dms/client.h"

namespace dms {

// Gives the events after `after`, at most `limit`, with consecutive sequences from `after + 1`; none when there are no
// more. Called in a thread of its own, and again for the same place after a break.
using EventSource = std::function<std::vector<inventory::v1::InventoryEvent>(std::int64_t after, int limit)>;

// How an upload sends.
struct UploadOptions {
  // Names the reporting system; sequences count within it.
  std::string source = "pos";
  // Goes up when the source starts its sequences anew.
  std::int64_t epoch = 1;
  // Events in a message, 1 to 1,000.
  int batch_max = 200;
  // Events that may be under way without an acknowledgement.
  int window_max = 2'000;
  // Told what has become durable or was rejected; answers wait while it runs.
  std::function<void(const inventory::v1::EventAck&)> on_acknowledged;
};

// What an upload came to.
struct UploadSummary {
  std::int64_t last_sequence = 0;
  std::int64_t applied_count = 0;
  std::int64_t duplicate_count = 0;
  std::int64_t rejected_count = 0;
  int resumptions = 0;
};

// Uploads until the source ends and everything is durable. Throws Error for what does not pass (ABORTED `FENCED` when a
// newer upload of the same source has taken over: this one must not start again by itself), and what the source or
// `on_acknowledged` throws.
UploadSummary upload_stock(Client& client, const std::string& dealer_id, const EventSource& source,
                           const UploadOptions& options = {});

}  // namespace dms
