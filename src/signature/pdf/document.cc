#include "signature/pdf/document.h"

#include <set>
#include <utility>

#include "signature/sign.h"

namespace luy::signature {
namespace {

constexpr std::size_t fields_max = 5000;
constexpr int field_depth_max = 32;
constexpr std::size_t objects_max = 500'000;

struct Walk {
  std::set<QPDFObjGen> seen;
  std::vector<Field> fields;
};

bool is_field(QPDFObjectHandle object) {
  return object.isDictionary() && (object.hasKey("/T") || object.hasKey("/FT"));
}

// False for a loop, a field listed twice, or more than is reasonable.
bool walk_field(QPDFObjectHandle object, const std::string& prefix, bool inherited_signature, int depth, Walk& walk) {
  if (!object.isDictionary()) return false;
  if (object.isIndirect() && !walk.seen.insert(object.getObjGen()).second) return false;
  if (depth > field_depth_max || walk.fields.size() > fields_max) return false;
  std::string name = prefix;
  QPDFObjectHandle part = object.getKey("/T");
  if (part.isString()) name += (prefix.empty() ? "" : ".") + part.getUTF8Value();
  QPDFObjectHandle type = object.getKey("/FT");
  const bool signature = type.isName() ? type.getName() == "/Sig" : inherited_signature;
  QPDFObjectHandle kids = object.getKey("/Kids");
  bool has_field_kids = false;
  if (kids.isArray()) {
    for (QPDFObjectHandle kid : kids.aitems()) has_field_kids = has_field_kids || is_field(kid);
  }
  if (!has_field_kids) {
    walk.fields.push_back({object, name, signature});
    return true;
  }
  for (QPDFObjectHandle kid : kids.aitems()) {
    if (!walk_field(kid, name, signature, depth + 1, walk)) return false;
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<Document>> Document::open(std::string_view bytes) {
  std::unique_ptr<Document> out(new Document());
  try {
    out->qpdf_.setAttemptRecovery(false);
    out->qpdf_.setSuppressWarnings(true);
    out->qpdf_.processMemoryFile("pdf", bytes.data(), bytes.size());
    if (out->qpdf_.isEncrypted()) return Error(pdf_encrypted);
    for (const auto& [id, entry] : out->qpdf_.getXRefTable()) {
      Place place{id.getGen(), entry.getType(), 0, 0};
      if (place.type == 1) place.at = static_cast<std::size_t>(entry.getOffset());
      if (place.type == 2) {
        place.at = static_cast<std::size_t>(entry.getObjStreamNumber());
        place.index = entry.getObjStreamIndex();
      }
      // Two generations of one number: readers differ in which they take.
      if (!out->objects_.emplace(id.getObj(), place).second)
        return Error(bad_pdf, std::to_string(id.getObj()) + " 0 R");
      if (out->objects_.size() > objects_max) return Error(bad_pdf, std::to_string(objects_max));
    }
    if (!out->qpdf_.getRoot().isDictionary()) return Error(bad_pdf, "Root");
  } catch (const std::exception& error) {
    return Error(bad_pdf, error.what());
  }
  return out;
}

Result<std::vector<Field>> Document::fields() {
  Walk walk;
  try {
    QPDFObjectHandle form = qpdf_.getRoot().getKey("/AcroForm");
    if (form.isNull()) return walk.fields;
    if (!form.isDictionary()) return Error(bad_pdf, "AcroForm");
    QPDFObjectHandle list = form.getKey("/Fields");
    if (list.isNull()) return walk.fields;
    if (!list.isArray()) return Error(bad_pdf, "Fields");
    for (QPDFObjectHandle one : list.aitems()) {
      if (!walk_field(one, "", false, 0, walk)) return Error(bad_pdf, "Fields");
    }
  } catch (const std::exception& error) {
    return Error(bad_pdf, error.what());
  }
  return std::move(walk.fields);
}

std::vector<QPDFObjectHandle> Document::pages() {
  return qpdf_.getAllPages();
}

}  // namespace luy::signature
