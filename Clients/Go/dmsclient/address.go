package dmsclient

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
)

// ServerAddress is where a server is.
type ServerAddress struct {
	// Target is what gRPC connects to.
	Target string
	// Host is empty for a socket in the file system.
	Host string
	// Secure says whether the connection is encrypted.
	Secure bool
}

var addressForm = regexp.MustCompile(`^(https?)://(\[[0-9A-Fa-f:.%]+\]|[^\s/?#@:\[\]]+)(?::([0-9]{1,5}))?/?$`)

// ParseAddress reads http://host:port, https://host:port or unix:/path. The port may be left out for the scheme's own; an
// IPv6 host stands in brackets.
func ParseAddress(text string) (ServerAddress, error) {
	unreadable := fmt.Errorf(
		"the server address %q cannot be read: write http://host:port, https://host:port or unix:/path", text)
	if strings.HasPrefix(text, "unix:") {
		path := strings.TrimPrefix(strings.TrimPrefix(text, "unix:"), "//")
		if path == "" {
			return ServerAddress{}, unreadable
		}
		return ServerAddress{Target: "unix:" + path}, nil
	}
	parts := addressForm.FindStringSubmatch(text)
	if parts == nil {
		return ServerAddress{}, unreadable
	}
	address := ServerAddress{Secure: parts[1] == "https", Host: strings.Trim(parts[2], "[]")}
	port := 80
	if address.Secure {
		port = 443
	}
	if parts[3] != "" {
		port, _ = strconv.Atoi(parts[3])
	}
	if port < 1 || port > 65535 {
		return ServerAddress{}, unreadable
	}
	address.Target = net.JoinHostPort(address.Host, strconv.Itoa(port))
	return address, nil
}

// IsLocal says whether what is sent there stays on this machine.
func (address ServerAddress) IsLocal() bool {
	if address.Host == "" || address.Host == "localhost" {
		return true
	}
	// Only an address counts: 127.example.com is a name that anybody may own.
	ip := net.ParseIP(address.Host)
	return ip != nil && ip.IsLoopback()
}
