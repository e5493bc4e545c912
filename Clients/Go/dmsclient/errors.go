package dmsclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Violation is what stands against a call: a field that is wrong, a rule that blocks, or a limit that was passed.
type Violation struct {
	// Rule is the rule's reason code, such as CREDIT_EXCEEDED; empty for fields and limits.
	Rule string
	// Subject is where it stands or what it concerns, such as order.lines[3].quantity or dealer/4711.
	Subject string
	// Description says what is wrong and what would be right.
	Description string
}

// Error is a failed call. Branch on Reason first, on Code where a whole kind of failure is meant.
type Error struct {
	// Code is the kind of failure.
	Code codes.Code
	// Message says what went wrong.
	Message string
	// Reason is one of dms.error.v1.ErrorReason without its prefix, such as RULE_BLOCKED; empty when none was given.
	Reason string
	// Metadata has facts of the reason by name, such as current_etag.
	Metadata map[string]string
	// Fields, Preconditions and Quotas are everything that stands against the call.
	Fields, Preconditions, Quotas []Violation
	// RetryDelay is how long the server asks to wait before another try; 0 when it does not.
	RetryDelay time.Duration
	// RequestID is the request id under which the write was tried; empty for reads.
	RequestID string

	status *status.Status
}

// NewError gives the typed form of what a call returned; nil for nil.
func NewError(err error, requestID string) *Error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	failed, ok := status.FromError(err)
	if !ok {
		failed = status.FromContextError(err)
		if errors.Is(err, io.EOF) {
			failed = status.New(codes.Unavailable, "the server ended the stream")
		}
	}
	return newError(failed, requestID)
}

// NewItemError gives the failure of one item of a stream.
func NewItemError(failed *rpcstatus.Status, requestID string) *Error {
	return newError(status.FromProto(failed), requestID)
}

func newError(failed *status.Status, requestID string) *Error {
	result := &Error{Code: failed.Code(), Message: failed.Message(), RequestID: requestID, status: failed}
	// Details that are unknown or damaged are passed over: the code and the message still stand.
	for _, detail := range failed.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			result.Reason, result.Metadata = detail.GetReason(), detail.GetMetadata()
		case *errdetails.BadRequest:
			for _, each := range detail.GetFieldViolations() {
				result.Fields = append(result.Fields, Violation{"", each.GetField(), each.GetDescription()})
			}
		case *errdetails.PreconditionFailure:
			for _, each := range detail.GetViolations() {
				result.Preconditions = append(
					result.Preconditions, Violation{each.GetType(), each.GetSubject(), each.GetDescription()})
			}
		case *errdetails.QuotaFailure:
			for _, each := range detail.GetViolations() {
				result.Quotas = append(result.Quotas, Violation{"", each.GetSubject(), each.GetDescription()})
			}
		case *errdetails.RetryInfo:
			if delay := detail.GetRetryDelay().AsDuration(); delay > 0 {
				result.RetryDelay = delay
			}
		}
	}
	return result
}

// Error gives reason and message on one line, and each violation on a line of its own.
func (failure *Error) Error() string {
	head := failure.Reason
	if head == "" {
		head = failure.Code.String()
	}
	lines := []string{head + ": " + failure.Message}
	for _, list := range [][]Violation{failure.Fields, failure.Preconditions, failure.Quotas} {
		for _, each := range list {
			lines = append(lines, "  "+strings.TrimSpace(fmt.Sprintf("%s %s: %s", each.Rule, each.Subject, each.Description)))
		}
	}
	return strings.Join(lines, "\n")
}

// GRPCStatus lets gRPC's own functions read it.
func (failure *Error) GRPCStatus() *status.Status { return failure.status }

// IsTransient says whether the same call may succeed a little later: nothing is wrong with the call itself.
func (failure *Error) IsTransient() bool {
	return failure.Code == codes.Unavailable ||
		failure.Code == codes.ResourceExhausted && failure.Reason == "OVERLOADED"
}

// IsOutcomeUnknown says whether a write may have been committed although the answer never came.
func (failure *Error) IsOutcomeUnknown() bool {
	return failure.RequestID != "" && (failure.Code == codes.Unavailable ||
		failure.Code == codes.DeadlineExceeded || failure.Code == codes.Canceled)
}

// sleep waits, or returns the context's error.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return NewError(ctx.Err(), "")
	case <-timer.C:
		return nil
	}
}
