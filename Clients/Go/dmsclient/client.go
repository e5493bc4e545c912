// Package dmsclient calls a DMS server: the stubs that are generated from the schemas, with retries, errors in full,
// watches that resume and stock uploads.
package dmsclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"

	adminv1 "dms/clients/go/gen/admin/v1"
	inventoryv1 "dms/clients/go/gen/inventory/v1"
	orderv1 "dms/clients/go/gen/order/v1"
)

// Options say how a client connects and how patient it is.
type Options struct {
	// APIKey travels with every call, never in plain text to another machine.
	APIKey string
	// RootCertificates are what an https server is trusted by; the system's when nil.
	RootCertificates *x509.CertPool
	// ServerName is the name that the server's certificate must carry, when it is not the host's.
	ServerName string
	// PlainTextCredentialsAllowed sends the key in plain text even to another machine. For closed networks only.
	PlainTextCredentialsAllowed bool
	// Timeout is how long a call may take, its retries included, when its context has no deadline; 30 s when 0.
	Timeout time.Duration
	// Retries are DefaultRetries when zero.
	Retries RetrySettings
}

// Client is a connection to a server. It connects with the first call, and again after breaks; make one and keep it. Safe
// to use from many goroutines. The stubs' unary calls fail with *Error.
type Client struct {
	Orders    orderv1.OrderServiceClient
	Inventory inventoryv1.InventoryServiceClient
	Admin     adminv1.AdminServiceClient

	connection *grpc.ClientConn
	options    Options
	allowance  allowance
}

// Connect gives a client of the server at http://host:port, https://host:port or unix:/path.
func Connect(server string, options Options) (*Client, error) {
	address, err := ParseAddress(server)
	if err != nil {
		return nil, err
	}
	if options.Timeout == 0 {
		options.Timeout = 30 * time.Second
	}
	if options.Retries == (RetrySettings{}) {
		options.Retries = DefaultRetries
	}
	client := &Client{options: options}
	client.allowance = allowance{settings: options.Retries, level: options.Retries.RetriesBurst, filled: time.Now()}
	dial := []grpc.DialOption{
		grpc.WithUserAgent("dms-go"),
		// Calls are repeated by the interceptor, where the reasons are known, and nowhere below.
		grpc.WithDisableRetry(),
		grpc.WithUnaryInterceptor(client.unary),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64 << 20)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 3 * time.Second},
			MinConnectTimeout: 5 * time.Second,
		}),
		// A machine that is gone without a word is noticed, though never by more pings than servers allow.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
	}
	if options.APIKey != "" {
		if err := checkKey(options, address); err != nil {
			return nil, err
		}
		dial = append(dial, grpc.WithPerRPCCredentials(bearer{options.APIKey, address.Secure}))
	}
	if address.Secure {
		dial = append(dial, grpc.WithTransportCredentials(credentials.NewTLS(
			&tls.Config{RootCAs: options.RootCertificates, ServerName: options.ServerName, MinVersion: tls.VersionTLS12})))
	} else {
		// What is plain goes to the server itself: through a proxy, the key would leave this machine readable.
		dial = append(dial, grpc.WithInsecure(), grpc.WithNoProxy())
	}
	client.connection, err = grpc.Dial(address.Target, dial...)
	if err != nil {
		return nil, err
	}
	client.Orders = orderv1.NewOrderServiceClient(client.connection)
	client.Inventory = inventoryv1.NewInventoryServiceClient(client.connection)
	client.Admin = adminv1.NewAdminServiceClient(client.connection)
	return client, nil
}

// Close ends the connection, and every call and watch that is under way.
func (client *Client) Close() error { return client.connection.Close() }

func (client *Client) reconnection() reconnection {
	return reconnection{
		backoff: waits{settings: client.options.Retries}, firstAnswerMax: client.options.Timeout}
}

func checkKey(options Options, address ServerAddress) error {
	for _, byte := range []byte(options.APIKey) {
		if byte < 0x21 || byte > 0x7E {
			return errors.New("the API key holds blanks or unprintable characters: copy it again, without line ends")
		}
	}
	if !address.Secure && !address.IsLocal() && !options.PlainTextCredentialsAllowed {
		return fmt.Errorf(
			"the API key would travel in plain text to %s: use https, or allow plain text explicitly", address.Host)
	}
	return nil
}

type bearer struct {
	key    string
	secure bool
}

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + b.key}, nil
}

func (b bearer) RequireTransportSecurity() bool { return b.secure }
