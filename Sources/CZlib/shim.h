#include <zlib.h>

/// `deflateInit2` and `inflateInit2` are macros, which Swift does not see. The window of 15 bits plus 16 makes zlib
/// read and write gzip's header and trailer.
static inline int czlib_gzip_deflate_init(z_streamp stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int czlib_gzip_inflate_init(z_streamp stream) {
  return inflateInit2(stream, 15 + 16);
}
