// A page as a list of parts, each with its place in the structure: what is compared between two visits. HTML is read
// with libxml2's forgiving parser, event by event, without a tree; everything else line by line. Pure, and safe on
// whatever a stranger's server sends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace luy::watch {

inline constexpr std::size_t page_bytes_max = 2 << 20;  // What of an answer is read at all.
inline constexpr std::size_t page_parts_max = 8'000;    // What comes after is not compared.
inline constexpr std::size_t part_bytes_max = 2'000;    // A longer value is cut and ends in the hash of the whole.
inline constexpr std::size_t page_depth_max = 256;      // Of elements; a page nested deeper is not read further.
inline constexpr std::size_t path_bytes_max = 400;

enum class PartKind : std::uint8_t {
  text,
  title,
  link,    // Where an anchor, a style sheet or an icon leads.
  image,   // Pictures, sound, video.
  script,  // Its address, or the hash of one that stands in the page.
  frame,   // Pages and programs within the page.
  form,    // Where a form is sent.
  jump,    // A redirect that the page itself orders (meta refresh).
};
std::string_view name_of(PartKind kind);

struct Part {
  PartKind kind = PartKind::text;
  // Elements from the root on with their id or first class, digits as 0, without places among siblings:
  // "html/body/div#tin-moi/ul.list/li". So a list that grows stays one place.
  std::string path;
  std::string value;
  bool operator==(const Part&) const = default;
};

struct Page {
  std::vector<Part> parts;
  bool cut = false;  // A limit was reached: what lies behind it is not seen.
};

// `content_type` as in the answer's header; decides between HTML and lines, and names the charset where the bytes are
// not UTF-8.
Page read_page(std::string_view bytes, std::string_view content_type);

// The host of an absolute address ("https://a.vn/x" and "//a.vn/x" → "a.vn"); empty for an address within the site.
std::string host_of(std::string_view address);

}  // namespace luy::watch
