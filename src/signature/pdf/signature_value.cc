#include "signature/pdf/signature_value.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/encoding.h"
#include "signature/pdf/raw.h"
#include "signature/verify.h"

namespace luy::signature {
namespace {

// "[ 0 12 34 56 ]" with nothing but blanks and digits.
std::optional<std::array<std::size_t, 4>> four_numbers(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  std::array<std::size_t, 4> out{};
  std::size_t count = 0;
  bool within = false;
  for (const char c : text.substr(1, text.size() - 2)) {
    if (is_pdf_space(c)) {
      within = false;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    if (!within && ++count > out.size()) return std::nullopt;
    within = true;
    std::size_t& value = out[count - 1];
    value = value * 10 + static_cast<std::size_t>(c - '0');
    if (value > pdf_bytes_max) return std::nullopt;
  }
  return count == out.size() ? std::optional(out) : std::nullopt;
}

// "D:20261122080509+07'00'" and its shorter forms (ISO 32000-1, 7.9.4).
std::optional<Time> time_from(std::string text) {
  std::erase_if(text, [](char c) { return c == '\''; });
  if (text.substr(0, 2) != "D:" || text.size() < 16) return std::nullopt;
  std::string zone = text.substr(16);
  if (zone.empty() || zone[0] == 'Z') zone = "Z";
  if (zone.size() == 3) zone += "00";
  if (zone.size() == 5) zone.insert(3, ":");
  return from_rfc3339(text.substr(2, 4) + "-" + text.substr(6, 2) + "-" + text.substr(8, 2) + "T" + text.substr(10, 2) +
                      ":" + text.substr(12, 2) + ":" + text.substr(14, 2) + zone);
}

std::optional<std::string> hex_contents(std::string_view text) {
  if (text.size() < 2 || text.front() != '<' || text.back() != '>') return std::nullopt;
  return from_hex(text.substr(1, text.size() - 2));
}

const RawEntry* entry_of(const RawObject& object, std::string_view key) {
  const auto found =
      std::find_if(object.entries.begin(), object.entries.end(), [&](const RawEntry& one) { return one.key == key; });
  return found == object.entries.end() ? nullptr : &*found;
}

std::string name_value(QPDFObjectHandle dictionary, const std::string& key) {
  QPDFObjectHandle value = dictionary.getKey(key);
  return value.isName() ? value.getName().substr(1) : std::string();
}

// Fills `out`; the fault, or empty.
std::string read_value(std::string_view bytes, Document& document, QPDFObjectHandle value, SignatureValue& out) {
  if (!value.isIndirect() || !value.isDictionary()) return "the value is no indirect dictionary";
  out.object = value.getObjectID();
  const auto place = document.objects().find(out.object);
  if (place == document.objects().end() || place->second.type != 1) return "the value lies in an object stream";
  const auto raw = read_raw_object(bytes, place->second.at, nullptr);
  if (!raw || static_cast<int>(raw->number) != out.object) return "the signature dictionary is malformed";
  const RawEntry* range = entry_of(*raw, "ByteRange");
  const RawEntry* contents = entry_of(*raw, "Contents");
  if (range == nullptr || contents == nullptr) return "ByteRange or Contents is missing";
  const auto numbers = four_numbers(bytes.substr(range->begin, range->end - range->begin));
  if (!numbers) return "ByteRange is not four numbers";
  const auto [begin, first, second, rest] = *numbers;
  if (begin != 0 || first != contents->begin || second != contents->end) {
    return "ByteRange leaves out more or less than the signature";
  }
  if (second > bytes.size() || rest > bytes.size() - second) return "ByteRange goes beyond the file";
  out.room_begin = first;
  out.room_end = second;
  out.end = second + rest;
  if (out.end < raw->end) return "ByteRange ends within the signature's own dictionary";
  const auto cms = hex_contents(bytes.substr(first, second - first));
  if (!cms || cms->empty()) return "Contents is not hexadecimal";
  out.cms = *cms;
  out.sub_filter = name_value(value, "/SubFilter");
  out.is_timestamp = out.sub_filter == "ETSI.RFC3161";
  const std::string type = name_value(value, "/Type");
  if (!type.empty() && type != (out.is_timestamp ? "DocTimeStamp" : "Sig")) return "Type and SubFilter do not agree";
  if (!out.is_timestamp && out.sub_filter != "ETSI.CAdES.detached" && out.sub_filter != "adbe.pkcs7.detached") {
    return "SubFilter " + out.sub_filter + " is not accepted";
  }
  QPDFObjectHandle time = value.getKey("/M");
  if (time.isString()) out.claimed = time_from(time.getStringValue());
  return {};
}

}  // namespace

std::optional<std::size_t> length_in(Document& document, unsigned number) {
  try {
    QPDFObjectHandle object = document.qpdf().getObject(static_cast<int>(number), 0);
    if (!object.isInteger() || object.getIntValue() < 0) return std::nullopt;
    return static_cast<std::size_t>(object.getIntValue());
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

Result<std::vector<SignatureValue>> signature_values(std::string_view bytes, Document& document) {
  LUY_TRY(const std::vector<Field> fields, document.fields());
  std::vector<SignatureValue> out;
  std::set<std::string> names;
  std::set<int> objects;
  try {
    for (const Field& field : fields) {
      QPDFObjectHandle object = field.object;
      QPDFObjectHandle value = object.getKey("/V");
      // A reference to nothing readable is a signature that cannot be read, not a blank field.
      if (!field.is_signature || (value.isNull() && !value.isIndirect())) continue;
      SignatureValue one;
      one.field = field.name;
      one.fault = read_value(bytes, document, value, one);
      if (!names.insert(field.name).second) one.fault = "two fields have this name";
      if (one.object != 0 && !objects.insert(one.object).second) one.fault = "two fields share this signature";
      out.push_back(std::move(one));
      if (out.size() > signatures_max) return Error(bad_pdf, std::to_string(signatures_max) + " signatures");
    }
  } catch (const std::exception& error) {
    return Error(bad_pdf, error.what());
  }
  std::stable_sort(out.begin(), out.end(), [](const SignatureValue& a, const SignatureValue& b) {
    return a.fault.empty() != b.fault.empty() ? a.fault.empty() : a.end < b.end;
  });
  return out;
}

}  // namespace luy::signature
