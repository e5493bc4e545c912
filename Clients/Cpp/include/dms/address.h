// A server's address as users write it.
#pragma once

#include <stdexcept>
#include <string>

namespace dms {

// The client cannot be made as it was asked for; the text says what would be right.
class ConfigurationError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// Where a server is.
struct ServerAddress {
  // What gRPC connects to.
  std::string target;
  // The host; empty for a socket in the file system.
  std::string host;
  // Whether the connection is encrypted.
  bool secure = false;

  // Reads `http://host:port`, `https://host:port` or `unix:/path`. The port may be left out for the scheme's own; an
  // IPv6 host stands in brackets. Throws ConfigurationError.
  static ServerAddress parse(const std::string& text);

  // Whether what is sent there stays on this machine.
  bool is_local() const;
};

}  // namespace dms
