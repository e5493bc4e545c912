// The peer of the codec benchmark: C++ protobuf with an arena that starts in a buffer of its own and is reset
// after each message, its fastest ordinary use.
//
//   protobuf_codec ORDER SECONDS      ORDER holds one encoded bench.v1.Order

#include <google/protobuf/arena.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bench/v1/bench.pb.h"

namespace {

using Clock = std::chrono::steady_clock;

// Runs `step` for about `seconds` and returns the nanoseconds that one took.
template <typename Step>
double Nanoseconds(double seconds, Step step) {
  constexpr int kBatch = 1000;
  long steps = 0;
  const auto start = Clock::now();
  for (;;) {
    for (int i = 0; i < kBatch; ++i) step();
    steps += kBatch;
    const std::chrono::duration<double> taken = Clock::now() - start;
    if (taken.count() >= seconds) return taken.count() * 1e9 / steps;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: protobuf_codec ORDER SECONDS\n");
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const double seconds = std::atof(argv[2]);

  std::vector<char> block(64 * 1024);
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  google::protobuf::Arena arena(options);

  long checksum = 0;
  const auto decode = [&] {
    auto* order = google::protobuf::Arena::CreateMessage<bench::v1::Order>(&arena);
    if (!order->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) std::abort();
    checksum += order->lines_size() + order->total_micros();
    arena.Reset();
  };

  bench::v1::Order order;
  if (!order.ParseFromString(bytes) || order.SerializeAsString() != bytes) {
    std::fprintf(stderr, "%s is no order, or does not encode to itself\n", argv[1]);
    return 1;
  }
  std::vector<char> buffer(bytes.size());
  const auto encode = [&] {
    const size_t size = order.ByteSizeLong();
    if (size > buffer.size()) std::abort();
    order.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(buffer.data()));
    checksum += buffer[size - 1];
  };

  Nanoseconds(seconds / 4, decode);
  const double decoding = Nanoseconds(seconds, decode);
  Nanoseconds(seconds / 4, encode);
  const double encoding = Nanoseconds(seconds, encode);
  if (std::string(buffer.begin(), buffer.end()) != bytes) return 1;
  std::printf("{\"decode_ns\": %.1f, \"encode_ns\": %.1f, \"bytes\": %zu, \"checksum\": %ld}\n", decoding, encoding,
              bytes.size(), checksum);
  return 0;
}
