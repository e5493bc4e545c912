// When failed calls are repeated and broken streams are opened again.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>

#include "dms/error.h"

namespace dms {

using Milliseconds = std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// How failed calls are repeated and broken streams are resumed. Only what is safe is repeated: reads, and writes under
// the request id of their first try; only after failures that pass.
struct RetrySettings {
  // Tries of one call in all; 1 turns retries off. The call's timeout bounds them too.
  int attempts_max = 12;
  // The wait before the first retry; it doubles with each, and each is drawn at random from its upper half.
  Milliseconds backoff_first{50};
  // The longest wait between two tries, unless the server asks for a longer one.
  Milliseconds backoff_max{3'000};
  // Retries that the client may make at once, all calls together, and how many more each second.
  int retries_burst = 128;
  int retries_per_second = 32;
  // How long a stream that was open may stay broken before it fails; for ever when empty.
  std::optional<Milliseconds> outage_max;
};

// Waits that double up to a bound.
class Backoff {
 public:
  explicit Backoff(const RetrySettings& settings);
  Milliseconds wait();
  void reset() { next_ = first_; }

 private:
  Milliseconds first_, max_, next_;
};

// Bounds the retries of all calls of a client: a bucket that fills up. When it is empty a retry waits its turn; when a
// full bucket's worth is waiting already it is refused. Safe to use from many threads.
class RetryAllowance {
 public:
  RetryAllowance(int burst, int per_second);
  // Takes a retry and says how long to wait before making it; empty when it is refused.
  std::optional<Milliseconds> take();

 private:
  std::mutex mutex_;
  const double burst_, per_second_;
  double level_;
  Clock::time_point filled_;
};

// Decides whether a broken stream is opened again, and after how long. One that has never answered is given up when the
// time of an ordinary call is over: the address may be wrong.
class Reconnection {
 public:
  Reconnection(const RetrySettings& settings, Milliseconds first_answer_max);
  // The stream has brought something: a later break is a new one.
  void answered();
  // The wait before the stream is opened again; empty when the error is the caller's.
  std::optional<Milliseconds> wait(const Error& error);

 private:
  Backoff backoff_;
  std::optional<Milliseconds> outage_max_;
  Milliseconds first_answer_max_;
  bool has_answered_ = false;
  std::optional<Clock::time_point> broken_since_;
};

}  // namespace dms
