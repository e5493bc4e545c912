package dmsclient

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"time"
)

// namespace is 7d1c1f0e-5a3b-5c1d-8e2f-4b6a9d3c2e10: clients of every language derive the same ids from the same names.
var namespace = []byte{0x7d, 0x1c, 0x1f, 0x0e, 0x5a, 0x3b, 0x5c, 0x1d, 0x8e, 0x2f, 0x4b, 0x6a, 0x9d, 0x3c, 0x2e, 0x10}

// NewRequestID gives a UUID never seen before (version 7: time first). A caller that must survive its own crash stores it
// with its document before the first try, or derives it with DerivedRequestID.
func NewRequestID() string {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		panic(err) // The system has no randomness.
	}
	var now [8]byte
	binary.BigEndian.PutUint64(now[:], uint64(time.Now().UnixNano()/1_000_000)<<16)
	copy(id, now[:6])
	return format(id, 7)
}

// DerivedRequestID gives the id that belongs to a name such as invoice/4711: the same in every run and every language
// (version 5 of RFC 9562).
func DerivedRequestID(name string) string {
	digest := sha1.Sum(append(append([]byte{}, namespace...), name...))
	return format(digest[:16], 5)
}

func format(id []byte, version byte) string {
	id[6] = id[6]&0x0F | version<<4
	id[8] = id[8]&0x3F | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
