#include "signature/pdf/update.h"

#include <algorithm>
#include <cstdio>

#include "signature/pdf/raw.h"
#include "signature/sign.h"

namespace luy::signature {
namespace {

std::string padded(std::size_t value, int digits) {
  std::string text = std::to_string(value);
  return std::string(
             static_cast<std::size_t>(digits) - std::min<std::size_t>(text.size(), static_cast<std::size_t>(digits)),
             '0') +
         text;
}

std::string table_of(const std::map<int, std::pair<std::size_t, int>>& offsets) {
  std::string out = "xref\n";
  for (const auto& [number, place] : offsets) {
    out += std::to_string(number) + " 1\n" + padded(place.first, 10) + " " +
           padded(static_cast<std::size_t>(place.second), 5) + " n \n";
  }
  return out;
}

struct StreamParts {
  std::string index;
  std::string body;
};

StreamParts stream_of(const std::map<int, std::pair<std::size_t, int>>& offsets) {
  StreamParts out;
  for (const auto& [number, place] : offsets) {
    out.index += std::to_string(number) + " 1 ";
    out.body += '\x01';
    for (int shift = 24; shift >= 0; shift -= 8) out.body += static_cast<char>(place.first >> shift & 255);
    out.body += static_cast<char>(place.second >> 8 & 255);
    out.body += static_cast<char>(place.second & 255);
  }
  return out;
}

// Copies objects of another document with new numbers.
class Import {
 public:
  explicit Import(Update& update) : update_(update) {}

  std::string text(QPDFObjectHandle object, int depth) {
    if (depth > nesting_max) throw std::runtime_error("nesting");
    if (object.isIndirect()) return reference_to(number_of(object, depth));
    return direct(object, depth);
  }
  std::string stream(QPDFObjectHandle object, const std::string& extra, int depth) {
    std::string out = "<<" + extra;
    QPDFObjectHandle dictionary = object.getDict();
    for (const std::string& key : dictionary.getKeys()) {
      if (key != "/Length") out += " " + key + " " + text(dictionary.getKey(key), depth + 1);
    }
    const auto data = object.getRawStreamData();
    out += " /Length " + std::to_string(data->getSize()) + " >>\nstream\n";
    out.append(reinterpret_cast<const char*>(data->getBuffer()), data->getSize());
    return out + "\nendstream";
  }

 private:
  int number_of(QPDFObjectHandle object, int depth) {
    const auto [at, fresh] = numbers_.emplace(object.getObjGen(), 0);
    if (!fresh) return at->second;
    const int number = at->second = update_.new_number();
    update_.put(number, object.isStream() ? stream(object, "", depth) : direct(object, depth));
    return number;
  }
  std::string direct(QPDFObjectHandle object, int depth) {
    if (object.isArray()) {
      std::string out = "[";
      for (QPDFObjectHandle item : object.aitems()) out += " " + text(item, depth + 1);
      return out + " ]";
    }
    if (!object.isDictionary()) return object.unparseResolved();
    std::string out = "<<";
    for (const std::string& key : object.getKeys()) {
      if (key != "/Parent") out += " " + key + " " + text(object.getKey(key), depth + 1);
    }
    return out + " >>";
  }

  Update& update_;
  std::map<QPDFObjGen, int> numbers_;
};

}  // namespace

std::string reference_to(int number) {
  return std::to_string(number) + " 0 R";
}

std::string opened_without(QPDFObjectHandle dictionary, std::initializer_list<std::string_view> without) {
  std::string out = "<<";
  for (const std::string& key : dictionary.getKeys()) {
    if (std::find(without.begin(), without.end(), key) == without.end()) {
      out += " " + key + " " + dictionary.getKey(key).unparse();
    }
  }
  return out;
}

Result<Update> Update::open(std::string_view bytes) {
  const auto section = last_startxref(bytes);
  if (!section || *section >= bytes.size()) return Error(bad_pdf, "startxref");
  Update out;
  out.bytes_ = bytes;
  LUY_TRY(out.document_, Document::open(bytes));
  out.previous_ = *section;
  out.as_stream_ = bytes.substr(*section, 4) != "xref";
  try {
    if (!out.document_->objects().empty()) out.next_ = out.document_->objects().rbegin()->first + 1;
    QPDFObjectHandle size = out.document_->qpdf().getTrailer().getKey("/Size");
    if (size.isInteger()) out.next_ = std::max(out.next_, size.getIntValueAsInt());
  } catch (const std::exception& error) {
    return Error(bad_pdf, error.what());
  }
  constexpr int number_max = 8'000'000;  // ISO 32000-1, annex C, with room for what is added.
  if (out.next_ < 1 || out.next_ > number_max) return Error(bad_pdf, "Size");
  return out;
}

std::string Update::finish() {
  std::string out(bytes_);
  if (out.empty() || out.back() != '\n') out += '\n';
  std::map<int, std::pair<std::size_t, int>> offsets;
  for (const auto& [number, changed] : objects_) {
    offsets[number] = {out.size(), changed.generation};
    out += std::to_string(number) + " " + std::to_string(changed.generation) + " obj\n" + changed.body + "\nendobj\n";
  }
  QPDFObjectHandle trailer = document_->qpdf().getTrailer();
  std::string tail = " /Root " + trailer.getKey("/Root").unparse() + " /Prev " + std::to_string(previous_);
  if (trailer.hasKey("/Info")) tail += " /Info " + trailer.getKey("/Info").unparse();
  if (trailer.getKey("/ID").isArray()) tail += " /ID " + trailer.getKey("/ID").unparseResolved();
  const std::size_t section = out.size();
  if (as_stream_) {
    const int number = next_++;
    offsets[number] = {section, 0};
    const StreamParts parts = stream_of(offsets);
    out += std::to_string(number) + " 0 obj\n<< /Type /XRef /W [ 1 4 2 ] /Index [ " + parts.index + "] /Size " +
           std::to_string(next_) + tail + " /Length " + std::to_string(parts.body.size()) + " >>\nstream\n" +
           parts.body + "\nendstream\nendobj\n";
  } else {
    out += table_of(offsets) + "trailer\n<< /Size " + std::to_string(next_) + tail + " >>\n";
  }
  return out + "startxref\n" + std::to_string(section) + "\n%%EOF\n";
}

Result<int> import_form(Update& update, std::string_view pdf) {
  LUY_TRY(const std::unique_ptr<Document> source, Document::open(pdf));
  try {
    const std::vector<QPDFObjectHandle> pages = source->pages();
    if (pages.empty()) return Error(bad_pdf, "page");
    QPDFObjectHandle page = pages.front();
    QPDFObjectHandle contents = page.getKey("/Contents");
    if (!contents.isStream()) return Error(bad_pdf, "Contents");
    Import import(update);
    std::string extra = " /Type /XObject /Subtype /Form /BBox " + page.getKey("/MediaBox").unparseResolved();
    extra += " /Resources " + import.text(page.getKey("/Resources"), 0);
    if (page.hasKey("/Group")) extra += " /Group " + import.text(page.getKey("/Group"), 0);
    const int number = update.new_number();
    update.put(number, import.stream(contents, extra, 0));
    return number;
  } catch (const std::exception& error) {
    return Error(bad_pdf, error.what());
  }
}

}  // namespace luy::signature
