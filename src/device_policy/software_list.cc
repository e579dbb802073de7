#include "device_policy/software_list.h"

#include <simdjson.h>

#include <algorithm>
#include <tuple>

#include "base/encoding.h"
#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"

namespace luy::device_policy {
namespace {

constexpr std::string_view heading = "luy-software-list 1";
// Tabs and line feeds are two bytes in JSON, and every other byte that a name may have one.
constexpr std::size_t answer_bytes_max = 2 * list_bytes_max;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t depth_max = 8;

// The text up to the next `end`, which is taken off `rest`; nullopt when there is none.
std::optional<std::string_view> take(std::string_view& rest, char end) {
  const auto at = rest.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view out = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return out;
}

bool is_field(std::string_view text) {
  return !text.empty() && is_utf8(text) && text.find_first_of("\t\n\r") == std::string_view::npos;
}

std::optional<std::string_view> line_with(std::string_view& rest, std::string_view key) {
  const auto line = take(rest, '\n');
  if (!line || !line->starts_with(key)) return std::nullopt;
  return line->substr(key.size());
}

}  // namespace

bool version_admitted(std::string_view versions, std::string_view version) {
  if (versions == "*") return true;
  if (versions.ends_with(".*")) return version.starts_with(versions.substr(0, versions.size() - 1));
  return versions == version;
}

bool SoftwareList::covers(std::string_view name, std::string_view version, Time now) const {
  auto at = std::lower_bound(products.begin(), products.end(), name,
                             [](const ListedProduct& one, std::string_view wanted) { return one.name < wanted; });
  for (; at != products.end() && at->name == name; ++at) {
    if (version_admitted(at->versions, version) && (!at->ends || now < *at->ends)) return true;
  }
  return false;
}

std::string list_content(std::vector<ListedProduct> products) {
  std::sort(products.begin(), products.end(), [](const ListedProduct& a, const ListedProduct& b) {
    return std::tie(a.name, a.versions, a.ends) < std::tie(b.name, b.versions, b.ends);
  });
  std::string out;
  for (const ListedProduct& one : products) {
    if (!is_field(one.name) || !is_field(one.versions)) continue;
    out += one.name + '\t' + one.versions + '\t' + (one.ends ? to_rfc3339(*one.ends) : std::string()) + '\n';
  }
  return out;
}

Result<std::string> to_list(std::string_view device, Time issued_at, std::string_view content) {
  std::string out = std::string(heading) + "\ndevice " + std::string(device) + "\nissued " + to_rfc3339(issued_at) +
                    "\n\n" + std::string(content);
  if (out.size() > list_bytes_max) return Error(list_too_long);
  return out;
}

std::string_view content_of(std::string_view document) {
  const auto at = document.find("\n\n");
  return at == std::string_view::npos ? std::string_view() : document.substr(at + 2);
}

Result<SoftwareList> read_list(std::string_view document) {
  if (document.size() > list_bytes_max) return Error(list_malformed, "size");
  std::string_view rest = document;
  if (take(rest, '\n') != heading) return Error(list_malformed, "luy-software-list");
  SoftwareList out;
  const auto device = line_with(rest, "device ");
  if (!device || !is_id_text(*device)) return Error(list_malformed, "device");
  out.device = *device;
  const auto issued = line_with(rest, "issued ");
  const auto at = issued ? from_rfc3339(*issued) : std::nullopt;
  if (!at || take(rest, '\n') != std::string_view()) return Error(list_malformed, "issued");
  out.issued_at = *at;
  while (!rest.empty()) {
    const auto name = take(rest, '\t');
    const auto versions = name ? take(rest, '\t') : std::nullopt;
    const auto ends = versions ? take(rest, '\n') : std::nullopt;
    if (!ends || !is_field(*name) || !is_field(*versions)) return Error(list_malformed, "product");
    ListedProduct one{std::string(*name), std::string(*versions), std::nullopt};
    if (!ends->empty()) {
      one.ends = from_rfc3339(*ends);
      if (!one.ends) return Error(list_malformed, one.name);
    }
    if (!out.products.empty() && out.products.back().name > one.name) return Error(list_malformed, one.name);
    out.products.push_back(std::move(one));
  }
  return out;
}

Result<SoftwareList> accept_list(const SignedList& given, const std::string& key, const std::string& device,
                                 std::optional<Time> held, const order::Verify& verify) {
  if (!verify(key, std::string(list_signed_prefix) + given.document, given.signature)) return Error(list_not_signed);
  LUY_TRY(SoftwareList list, read_list(given.document));
  if (list.device != device) return Error(list_of_other, list.device);
  if (held && list.issued_at < *held) return Error(list_older, to_rfc3339(list.issued_at));
  return list;
}

std::string to_json(const ListAnswer& answer) {
  std::string out = "{\"key\":\"" + to_base64(answer.key) + "\",\"list\":";
  if (!answer.list) return out + "null}";
  out += "{\"document\":";
  append_json_text(out, answer.list->document);
  return out + ",\"signature\":\"" + to_base64(answer.list->signature) + "\"}}";
}

Result<ListAnswer> read_list_answer(std::string_view json) {
  if (json.size() > answer_bytes_max) return Error(list_malformed, "size");
  simdjson::dom::parser parser(answer_bytes_max);
  simdjson::dom::object root;
  simdjson::dom::element list;
  std::string_view text;
  if (parser.allocate(answer_bytes_max, depth_max) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(root) != simdjson::SUCCESS) {
    return Error(list_malformed, "JSON");
  }
  ListAnswer out;
  auto key = root["key"].get(text) == simdjson::SUCCESS ? from_base64(text) : std::nullopt;
  if (!key || key->size() != key_bytes) return Error(list_malformed, "key");
  out.key = *std::move(key);
  if (root["list"].get(list) != simdjson::SUCCESS) return Error(list_malformed, "list");
  if (list.is_null()) return out;
  simdjson::dom::object given;
  SignedList one;
  if (list.get(given) != simdjson::SUCCESS || given["document"].get(text) != simdjson::SUCCESS) {
    return Error(list_malformed, "document");
  }
  one.document = text;
  auto signature = given["signature"].get(text) == simdjson::SUCCESS ? from_base64(text) : std::nullopt;
  if (!signature || signature->size() != signature_bytes) return Error(list_malformed, "signature");
  one.signature = *std::move(signature);
  out.list = std::move(one);
  return out;
}

}  // namespace luy::device_policy
