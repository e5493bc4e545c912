#include "dms/request_id.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>

namespace dms {

std::string new_request_id() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  std::random_device device;
  const auto random = [&device] { return std::uint64_t{device()} << 32 | device(); };
  const std::uint64_t high = milliseconds << 16 | 0x7000 | (random() & 0x0FFF);
  const std::uint64_t low = (random() & 0x3FFF'FFFF'FFFF'FFFF) | 0x8000'0000'0000'0000;
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xFFFF), static_cast<unsigned>(high & 0xFFFF),
                static_cast<unsigned>(low >> 48), static_cast<unsigned long long>(low & 0xFFFF'FFFF'FFFF));
  return text;
}

}  // namespace dms
