#include "dms/retry.h"

#include <algorithm>
#include <random>

namespace dms {

Backoff::Backoff(const RetrySettings& settings)
    : first_(std::min(settings.backoff_first, settings.backoff_max)), max_(settings.backoff_max), next_(first_) {}

Milliseconds Backoff::wait() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  const Milliseconds whole = next_;
  next_ = std::min(whole * 2, max_);
  return Milliseconds(std::uniform_int_distribution<Milliseconds::rep>(whole.count() / 2, whole.count())(generator));
}

RetryAllowance::RetryAllowance(int burst, int per_second)
    : burst_(std::max(burst, 0)), per_second_(std::max(per_second, 0)), level_(burst_), filled_(Clock::now()) {}

std::optional<Milliseconds> RetryAllowance::take() {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  level_ = std::min(burst_, level_ + std::chrono::duration<double>(now - filled_).count() * per_second_);
  filled_ = now;
  if (level_ < 1 && !(per_second_ > 0 && level_ - 1 >= -burst_)) return std::nullopt;
  level_ -= 1;
  return level_ >= 0 ? Milliseconds(0) : Milliseconds(static_cast<Milliseconds::rep>(-level_ / per_second_ * 1'000));
}

Reconnection::Reconnection(const RetrySettings& settings, Milliseconds first_answer_max)
    : backoff_(settings), outage_max_(settings.outage_max), first_answer_max_(first_answer_max) {}

void Reconnection::answered() {
  has_answered_ = true;
  broken_since_.reset();
  backoff_.reset();
}

std::optional<Milliseconds> Reconnection::wait(const Error& error) {
  if (!error.is_transient()) return std::nullopt;
  const auto now = Clock::now();
  if (!broken_since_) broken_since_ = now;
  const Milliseconds wait = backoff_.wait() + error.retry_delay.value_or(Milliseconds(0));
  const auto patience = has_answered_ ? outage_max_ : std::optional(first_answer_max_);
  if (patience && now - *broken_since_ + wait > *patience) return std::nullopt;
  return wait;
}

}  // namespace dms
