#include "signature/pdf/difference.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "signature/verify.h"

namespace luy::signature {
namespace {

using Fault = std::optional<std::string>;
using Keys = std::set<std::string>;

const Keys field_keys = {"/Type", "/Subtype", "/FT", "/T",      "/TU", "/TM", "/F",    "/Ff", "/Rect",
                         "/P",    "/V",       "/AP", "/MK",     "/BS", "/DA", "/Lock", "/SV", "/StructParent",
                         "/NM",   "/M",       "/H",  "/Border", "/Q"};

std::string object_text(int number) {
  return "object " + std::to_string(number);
}

// The same keys with the same values, but for those in `except`.
bool same_but(QPDFObjectHandle a, QPDFObjectHandle b, const Keys& except) {
  if (!a.isDictionary() || !b.isDictionary()) return false;
  Keys keys = a.getKeys();
  const Keys more = b.getKeys();
  keys.insert(more.begin(), more.end());
  return std::all_of(keys.begin(), keys.end(), [&](const std::string& key) {
    return except.count(key) > 0 || a.getKey(key).unparse() == b.getKey(key).unparse();
  });
}

bool same_object(QPDFObjectHandle a, QPDFObjectHandle b) {
  if (a.isStream() != b.isStream()) return false;
  if (!a.isStream()) return a.unparseResolved() == b.unparseResolved();
  if (!same_but(a.getDict(), b.getDict(), {})) return false;
  const auto x = a.getRawStreamData();
  const auto y = b.getRawStreamData();
  return std::string_view(reinterpret_cast<const char*>(x->getBuffer()), x->getSize()) ==
         std::string_view(reinterpret_cast<const char*>(y->getBuffer()), y->getSize());
}

class Comparison {
 public:
  Comparison(Document& before, Document& after, const Increment& increment)
      : before_(before), after_(after), increment_(increment) {}

  Fault run() {
    for (const auto check : {&Comparison::check_bytes, &Comparison::check_trailer, &Comparison::check_catalog,
                             &Comparison::check_form, &Comparison::check_blank_fields, &Comparison::check_pages,
                             &Comparison::check_certification, &Comparison::check_others}) {
      if (Fault fault = (this->*check)()) return fault;
    }
    return std::nullopt;
  }

 private:
  QPDFObjectHandle root(Document& document) { return document.qpdf().getRoot(); }
  bool is_new(QPDFObjectHandle object) {
    return object.isIndirect() && before_.objects().count(object.getObjectID()) == 0;
  }
  void explain(QPDFObjectHandle object) {
    if (object.isIndirect()) explained_.insert(object.getObjectID());
  }

  // Every object in the bytes is in the table, and every changed entry of the table is in the bytes.
  Fault check_bytes() {
    std::set<std::size_t> offsets;
    std::set<int> numbers;
    for (const RawObject& raw : increment_.objects) {
      const int number = static_cast<int>(raw.number);
      const auto place = after_.objects().find(number);
      const bool listed = place != after_.objects().end() && place->second.type == 1 && place->second.at == raw.begin;
      // A table in a stream need not list itself, but it may not take the number of another object.
      const bool own_table = place == after_.objects().end() && raw.is_stream && before_.objects().count(number) == 0;
      if (!listed && !own_table) return object_text(number) + " is hidden from the table";
      offsets.insert(raw.begin);
      numbers.insert(number);
    }
    for (const auto& [number, place] : after_.objects()) {
      const auto old = before_.objects().find(number);
      if (old != before_.objects().end() && old->second == place) continue;
      const bool here = place.type == 1 ? offsets.count(place.at) > 0 : numbers.count(static_cast<int>(place.at)) > 0;
      if (!here) return object_text(number) + " is taken from elsewhere";
      if (old != before_.objects().end()) changed_.insert(number);
    }
    for (const auto& [number, place] : before_.objects()) {
      if (after_.objects().count(number) == 0) return object_text(number) + " was removed";
    }
    return std::nullopt;
  }

  Fault check_trailer() {
    QPDFObjectHandle old = before_.qpdf().getTrailer();
    QPDFObjectHandle fresh = after_.qpdf().getTrailer();
    if (old.getKey("/Root").unparse() != fresh.getKey("/Root").unparse()) return "another catalog";
    QPDFObjectHandle info = old.getKey("/Info");
    if (info.isDictionary()) {
      if (info.unparse() != fresh.getKey("/Info").unparse()) return "other properties";
      if (!same_but(info, fresh.getKey("/Info"), {"/ModDate", "/Producer"})) return "changed properties";
      explain(info);
    }
    return std::nullopt;
  }

  Fault check_catalog() {
    if (!same_but(root(before_), root(after_), {"/AcroForm", "/DSS", "/Extensions"})) return "changed catalog";
    explain(root(before_));
    QPDFObjectHandle store = root(before_).getKey("/DSS");
    if (store.isDictionary()) explain_store(store, 0);
    return std::nullopt;
  }

  // Dictionaries and arrays of the old store may be renewed; the streams with certificates may not.
  void explain_store(QPDFObjectHandle object, int depth) {
    if (depth > 4 || object.isStream()) return;
    explain(object);
    if (object.isArray()) {
      for (QPDFObjectHandle item : object.aitems()) explain_store(item, depth + 1);
    } else if (object.isDictionary()) {
      for (const std::string& key : object.getKeys()) explain_store(object.getKey(key), depth + 1);
    }
  }

  Fault check_form() {
    QPDFObjectHandle old = root(before_).getKey("/AcroForm");
    QPDFObjectHandle fresh = root(after_).getKey("/AcroForm");
    if (fresh.isNull()) return old.isNull() ? std::nullopt : Fault("the form was removed");
    if (!fresh.isDictionary()) return "the form is no dictionary";
    if (old.isDictionary()) {
      if (!same_but(old, fresh, {"/Fields", "/SigFlags"})) return "changed form";
      explain(old);
      explain(old.getKey("/Fields"));
    } else {
      for (const std::string& key : fresh.getKeys()) {
        if (Keys{"/Fields", "/SigFlags", "/DA", "/DR"}.count(key) == 0) return "the new form has " + key;
      }
    }
    std::vector<QPDFObjectHandle> before;
    if (old.isDictionary() && old.getKey("/Fields").isArray()) before = old.getKey("/Fields").getArrayAsVector();
    std::vector<QPDFObjectHandle> after;
    if (fresh.getKey("/Fields").isArray()) after = fresh.getKey("/Fields").getArrayAsVector();
    if (after.size() < before.size()) return "a field was removed";
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (i < before.size()) {
        if (before[i].unparse() != after[i].unparse()) return "the order of fields was changed";
      } else if (Fault fault = check_new_field(after[i])) {
        return fault;
      }
    }
    return std::nullopt;
  }

  Fault check_new_field(QPDFObjectHandle field) {
    if (!is_new(field) || !field.isDictionary()) return "a new field is not an object of its own";
    for (const std::string& key : field.getKeys()) {
      if (field_keys.count(key) == 0) return "a new field has " + key;
    }
    QPDFObjectHandle type = field.getKey("/FT");
    if (!type.isName() || type.getName() != "/Sig") return "a field that is no signature was added";
    return check_new_value(field);
  }

  Fault check_new_value(QPDFObjectHandle field) {
    QPDFObjectHandle value = field.getKey("/V");
    if (!is_new(value) || !value.isDictionary() || !value.hasKey("/ByteRange"))
      return "a field was added or filled without a signature";
    signed_now_.insert(field.getObjectID());
    QPDFObjectHandle filter = value.getKey("/SubFilter");
    only_timestamps_ = only_timestamps_ && filter.isName() && filter.getName() == "/ETSI.RFC3161";
    return std::nullopt;
  }

  // Fields that waited for a signature before.
  Fault check_blank_fields() {
    const auto fields = before_.fields();
    if (!fields) return "the form is no tree";
    for (const Field& field : *fields) {
      QPDFObjectHandle old = field.object;
      if (!field.is_signature || !old.isIndirect() || !old.getKey("/V").isNull()) continue;
      QPDFObjectHandle fresh = after_.qpdf().getObject(old.getObjGen());
      if (fresh.isDictionary() && fresh.getKey("/V").isNull()) continue;
      if (!same_but(old, fresh, {"/V", "/AP", "/M", "/F"})) return "changed signature field";
      if (Fault fault = check_new_value(fresh)) return fault;
      explain(old);
    }
    return std::nullopt;
  }

  Fault check_pages() {
    const std::vector<QPDFObjectHandle> before = before_.pages();
    const std::vector<QPDFObjectHandle> after = after_.pages();
    if (before.size() != after.size()) return "pages were added or removed";
    for (std::size_t i = 0; i < before.size(); ++i) {
      QPDFObjectHandle old = before[i];
      QPDFObjectHandle fresh = after[i];
      if (old.getObjGen() != fresh.getObjGen()) return "pages were exchanged";
      if (!same_but(old, fresh, {"/Annots"})) return "page " + std::to_string(i + 1) + " was changed";
      if (Fault fault = check_annotations(old, fresh)) return fault;
      explain(old);
      explain(old.getKey("/Annots"));
    }
    return std::nullopt;
  }

  Fault check_annotations(QPDFObjectHandle old_page, QPDFObjectHandle page) {
    std::vector<QPDFObjectHandle> before;
    std::vector<QPDFObjectHandle> after;
    if (old_page.getKey("/Annots").isArray()) before = old_page.getKey("/Annots").getArrayAsVector();
    if (page.getKey("/Annots").isArray()) after = page.getKey("/Annots").getArrayAsVector();
    if (after.size() < before.size()) return "an annotation was removed";
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (i < before.size()) {
        if (before[i].unparse() != after[i].unparse()) return "annotations were changed";
        continue;
      }
      if (!after[i].isIndirect() || signed_now_.count(after[i].getObjectID()) == 0) return "an annotation was added";
      if (!is_small(after[i], page)) return "a new signature covers the page";
    }
    return std::nullopt;
  }

  bool is_small(QPDFObjectHandle widget, QPDFObjectHandle page) {
    for (int depth = 0; !page.hasKey("/MediaBox") && page.getKey("/Parent").isDictionary() && depth < 50; ++depth) {
      page = page.getKey("/Parent");
    }
    QPDFObjectHandle box = page.getKey("/MediaBox");
    QPDFObjectHandle own = widget.getKey("/Rect");
    if (!box.isRectangle() || !own.isRectangle()) return false;
    const auto area = [](const QPDFObjectHandle::Rectangle& r) { return (r.urx - r.llx) * (r.ury - r.lly); };
    return area(own.getArrayAsRectangle()) <= widget_share_max * area(box.getArrayAsRectangle());
  }

  // A certified document may say that nothing at all may follow (ISO 32000-1, 12.8.2.2).
  Fault check_certification() {
    QPDFObjectHandle permissions = root(before_).getKey("/Perms");
    if (!permissions.isDictionary() || signed_now_.empty() || only_timestamps_) return std::nullopt;
    QPDFObjectHandle value = permissions.getKey("/DocMDP");
    if (!value.isDictionary() || !value.getKey("/Reference").isArray()) return std::nullopt;
    for (QPDFObjectHandle reference : value.getKey("/Reference").aitems()) {
      if (!reference.isDictionary() || !reference.getKey("/TransformParams").isDictionary()) continue;
      QPDFObjectHandle level = reference.getKey("/TransformParams").getKey("/P");
      if (level.isInteger() && level.getIntValue() == 1) return "the certified document allows no further signature";
    }
    return std::nullopt;
  }

  Fault check_others() {
    for (const int number : changed_) {
      if (explained_.count(number) > 0) continue;
      const int generation = before_.objects().at(number).generation;
      if (generation != after_.objects().at(number).generation) return object_text(number) + " was replaced";
      QPDFObjectHandle old = before_.qpdf().getObject(number, generation);
      QPDFObjectHandle fresh = after_.qpdf().getObject(number, generation);
      if (!same_object(old, fresh)) return object_text(number) + " was changed";
    }
    return std::nullopt;
  }

  Document& before_;
  Document& after_;
  const Increment& increment_;
  std::set<int> changed_;
  std::set<int> explained_;   // Their changes were looked at.
  std::set<int> signed_now_;  // Fields signed by this update.
  bool only_timestamps_ = true;
};

}  // namespace

std::optional<std::string> forbidden_change(Document& before, Document& after, const Increment& increment) {
  try {
    return Comparison(before, after, increment).run();
  } catch (const std::exception& error) {
    return std::string("unreadable update: ") + error.what();
  }
}

}  // namespace luy::signature
