// What the interoperability client and server on gRPC's C++ library share.
#pragma once

#include <grpc/grpc.h>

#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>

#include "grpc/testing/messages.pb.h"

// The library has it for tests such as these, in a header that is not installed.
extern uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace interop {

inline constexpr char kInitialName[] = "x-grpc-test-echo-initial";
inline constexpr char kTrailingName[] = "x-grpc-test-echo-trailing-bin";

// Whether the message that the call received last came compressed. The library marks it so when it inflates it, and
// with the wire's own flag when it does not.
inline bool WasCompressed(grpc_call* call) {
  constexpr uint32_t kCompressed = 0x80000000u, kWasCompressed = 0x40000000u;
  return (grpc_call_test_only_get_message_flags(call) & (kCompressed | kWasCompressed)) != 0;
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Arguments of the form --name=value or --name.
class Arguments {
 public:
  Arguments(int count, char** values) {
    for (int index = 1; index < count; ++index) {
      std::string argument = values[index];
      if (argument.rfind("--", 0) != 0) throw std::runtime_error("unexpected argument " + argument);
      auto equals = argument.find('=');
      auto name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
      values_[name] = equals == std::string::npos ? "true" : argument.substr(equals + 1);
    }
  }

  std::string operator()(const std::string& name, const std::string& otherwise = "") const {
    auto found = values_.find(name);
    return found == values_.end() ? otherwise : found->second;
  }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace interop
