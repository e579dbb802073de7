// Reading of a paper's data. The shape is docs/format/forms.md.
#include <algorithm>
#include <initializer_list>
#include <optional>

#include "base/utf8.h"
#include "paper/fill.h"

namespace luy::paper {
namespace json = boost::json;
namespace {

// Reads one object; the first fault is kept, so that the code reads like the shape.
class Reader {
 public:
  Reader(const json::value* value, std::string path, std::optional<Error>& error)
      : path_(std::move(path)), error_(error) {
    if (value == nullptr) return;
    if (value->is_object()) {
      object_ = &value->get_object();
    } else {
      fault("", "{…}");
    }
  }
  void known(std::initializer_list<std::string_view> keys) {
    if (object_ == nullptr) return;
    for (const auto& [key, value] : *object_) {
      if (std::find(keys.begin(), keys.end(), std::string_view(key)) == keys.end()) {
        fault("", "'" + clean_line(utf8_front(std::string_view(key), 80)) + "'?");
      }
    }
  }
  const json::value* find(std::string_view key) const {
    return object_ == nullptr ? nullptr : object_->if_contains(key);
  }
  std::string text(std::string_view key) {
    const json::value* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_string()) {
      fault(key, "\"…\"");
      return {};
    }
    return std::string(value->get_string());
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> out;
    for (const json::value& one : items(key)) {
      if (!one.is_string()) fault(key, "[\"…\"]");
      out.emplace_back(one.is_string() ? std::string_view(one.get_string()) : std::string_view());
    }
    return out;
  }
  const json::array& items(std::string_view key) {
    static const json::array none;
    const json::value* value = find(key);
    if (value == nullptr) return none;
    if (value->is_array()) return value->get_array();
    fault(key, "[…]");
    return none;
  }
  void fault(std::string_view key, std::string_view want) {
    if (!error_) error_.emplace(bad_data, path_ + std::string(key) + ": " + std::string(want));
  }

 private:
  const json::object* object_ = nullptr;
  std::string path_;
  std::optional<Error>& error_;
};

Urgency read_urgency(Reader& root) {
  const std::string written = root.text("urgency");
  constexpr std::string_view names[] = {"", "urgent", "very_urgent", "express"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (written == names[i]) return static_cast<Urgency>(i);
  }
  root.fault("urgency", "urgent, very_urgent, express");
  return Urgency::none;
}

void read_time(Reader& root, PaperData& out) {
  const std::optional<Day> day = day_from_iso(root.text("date"));
  if (!day) root.fault("date", "yyyy-mm-dd");
  out.date = day.value_or(Day{});
  out.created = day_begin(out.date);
  const std::string created = root.text("created");
  if (created.empty()) return;
  const std::optional<Time> time = from_rfc3339(created);
  if (!time) root.fault("created", "RFC 3339");
  out.created = time.value_or(out.created);
}

PaperData read(const json::value& value, std::optional<Error>& error) {
  PaperData out;
  Reader root(&value, "", error);
  root.known({"letterhead", "number", "date", "created", "recipients", "copies", "signatures", "evidence", "urgency",
              "circulation", "fields"});
  Reader head(root.find("letterhead"), "letterhead.", error);
  head.known({"superior", "issuer", "agency", "place", "symbol", "unit", "contact"});
  out.letterhead = {head.text("superior"), head.text("issuer"), head.text("agency"), head.text("place"),
                    head.text("symbol"),   head.text("unit"),   head.text("contact")};
  if (const json::value* number = root.find("number"); number != nullptr && !number->is_null()) {
    const std::int64_t written = number->is_int64() ? number->get_int64() : -1;
    if (written < 0 || written > number_max) root.fault("number", "0–" + std::to_string(number_max));
    out.number = static_cast<unsigned>(std::clamp<std::int64_t>(written, 0, number_max));
  }
  read_time(root, out);
  out.recipients = root.texts("recipients");
  out.copies = root.texts("copies");
  for (const json::value& one : root.items("signatures")) {
    Reader signature(&one, "signatures.", error);
    signature.known({"authority", "note", "name"});
    out.signatures.push_back({signature.texts("authority"), signature.text("note"), signature.text("name")});
  }
  if (const json::value* evidence = root.find("evidence")) {
    Reader mark(evidence, "evidence.", error);
    mark.known({"payload", "caption"});
    out.evidence = {{mark.text("payload"), mark.text("caption")}};
  }
  out.urgency = read_urgency(root);
  out.circulation = root.text("circulation");
  const json::value* fields = root.find("fields");
  if (fields != nullptr && fields->is_object()) {
    out.fields = fields->get_object();
  } else {
    root.fault("fields", "{…}");
  }
  return out;
}

}  // namespace

Result<PaperData> parse_paper_data(std::string_view text) {
  if (text.size() > data_bytes_max) {
    return Error(bad_data, std::to_string(text.size()) + " > " + std::to_string(data_bytes_max) + " bytes");
  }
  json::parse_options options;
  options.max_depth = data_depth_max;
  json::error_code code;
  json::value value;
  try {
    value = json::parse(text, code, {}, options);
  } catch (const std::exception& failure) {
    return Error(bad_data, failure.what());
  }
  if (code) return Error(bad_data, code.message());
  std::optional<Error> error;
  PaperData out = read(value, error);
  if (error) return *error;
  return out;
}

}  // namespace luy::paper
