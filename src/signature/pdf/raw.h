// The bytes of a PDF read strictly and by ourselves, beside what the PDF library makes of them: where objects and the
// values of their keys stand, and how the updates behind a signed revision are put together. Whatever a lenient reader
// might take differently (duplicate keys, bytes between objects, several tables) is refused here. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luy::signature {

inline constexpr int nesting_max = 64;              // Of dictionaries and arrays in one object.
inline constexpr std::size_t increments_max = 100;  // Updates behind the first signature.
inline constexpr std::size_t increment_objects_max = 20'000;

struct RawEntry {
  std::string key;  // Decoded, without "/".
  std::size_t begin = 0;
  std::size_t end = 0;  // Of the value; behind its last byte.
};

struct RawObject {
  unsigned number = 0;
  unsigned generation = 0;
  std::size_t begin = 0;
  std::size_t end = 0;            // Behind "endobj".
  std::vector<RawEntry> entries;  // Of the dictionary it consists of; empty for anything else.
  bool is_stream = false;
};

// The length an indirect /Length stands for.
using LengthOf = std::function<std::optional<std::size_t>(unsigned number)>;

// The object "N G obj … endobj" that begins exactly at `at`; nullopt when it is not well formed, has a key twice in any
// dictionary, is nested too deeply, or is a stream whose length does not lead to "endstream".
std::optional<RawObject> read_raw_object(std::string_view bytes, std::size_t at, const LengthOf& length_of);

// One update: objects, a cross-reference section, "startxref", "%%EOF".
struct Increment {
  std::size_t begin = 0;
  std::size_t end = 0;  // Behind "%%EOF" and the line end after it.
  std::vector<RawObject> objects;
};

struct Increments {
  std::vector<Increment> list;
  bool complete = false;  // Whether the file consists of nothing else to its end.
};
// Reads the updates from `from` to the end of the file, as far as they are well formed.
Increments read_increments(std::string_view bytes, std::size_t from, const LengthOf& length_of);

// Where the last revision of `bytes` ends: behind the "%%EOF" that only white space follows; nullopt without one.
std::optional<std::size_t> last_revision_end(std::string_view bytes);
// The number behind the last "startxref"; nullopt when that is not followed by a number, "%%EOF" and nothing else.
std::optional<std::size_t> last_startxref(std::string_view bytes);

bool is_pdf_space(char c);

}  // namespace luy::signature
