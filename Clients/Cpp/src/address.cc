#include "dms/address.h"

#include <cctype>
#include <regex>

namespace dms {

namespace {

ConfigurationError unreadable(const std::string& text) {
  return ConfigurationError("the server address \"" + text +
                            "\" cannot be read: write http://host:port, https://host:port or unix:/path");
}

// Only a dotted address counts: 127.example.com is a name that anybody may own.
bool is_loopback_ipv4(const std::string& host) {
  static const std::regex dotted(R"(127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3}))");
  std::smatch parts;
  if (!std::regex_match(host, parts, dotted)) return false;
  for (int part = 1; part <= 3; part++) {
    if (std::stoi(parts[part]) > 255) return false;
  }
  return true;
}

}  // namespace

ServerAddress ServerAddress::parse(const std::string& text) {
  if (text.rfind("unix:", 0) == 0) {
    const std::string path = text.substr(text.rfind("unix://", 0) == 0 ? 7 : 5);
    if (path.empty()) throw unreadable(text);
    return {"unix:" + path, "", false};
  }
  static const std::regex form(R"((https?)://(\[[0-9A-Fa-f:.%]+\]|[^\s/?#@:\[\]]+)(?::(\d{1,5}))?/?)");
  std::smatch parts;
  if (!std::regex_match(text, parts, form)) throw unreadable(text);
  for (const unsigned char byte : text) {
    if (byte >= 0x80) throw unreadable(text);
  }
  ServerAddress address;
  address.secure = parts[1] == "https";
  const int port = parts[3].matched ? std::stoi(parts[3]) : address.secure ? 443 : 80;
  if (port < 1 || port > 65535) throw unreadable(text);
  const std::string host = parts[2];
  address.target = host + ":" + std::to_string(port);
  address.host = host.front() == '[' ? host.substr(1, host.size() - 2) : host;
  return address;
}

bool ServerAddress::is_local() const {
  return host.empty() || host == "localhost" || host == "::1" || is_loopback_ipv4(host);
}

}  // namespace dms
