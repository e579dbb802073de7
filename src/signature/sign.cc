#include "signature/sign.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "base/encoding.h"
#include "paper/style.h"
#include "signature/crypto/cms_build.h"
#include "signature/pdf/update.h"

namespace luy::signature {
namespace {

constexpr std::string_view byte_range_blank = "[0 0000000000 0000000000 0000000000]";
constexpr int widget_flags = 132;  // Print and Locked (ISO 32000-1, table 165).

std::string pdf_time(Time time) {
  const Time local = time + vietnam_offset;
  const std::string text = to_rfc3339(local);  // 2026-11-22T03:04:05.…
  return "(D:" + text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2) + text.substr(11, 2) + text.substr(14, 2) +
         text.substr(17, 2) + "+07'00')";
}

std::string number_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", value);
  return text.data();
}

// Attributes of a page may stand with its ancestors.
QPDFObjectHandle inherited(QPDFObjectHandle page, const std::string& key) {
  for (int depth = 0; page.isDictionary() && depth < 50; ++depth) {
    if (page.hasKey(key)) return page.getKey(key);
    page = page.getKey("/Parent");
  }
  return QPDFObjectHandle::newNull();
}

Result<std::string> rectangle_of(QPDFObjectHandle page, const VisiblePlace& place) {
  QPDFObjectHandle box = inherited(page, "/MediaBox");
  if (!box.isRectangle()) return Error(bad_pdf, "MediaBox");
  const QPDFObjectHandle::Rectangle media = box.getArrayAsRectangle();
  constexpr double mm = paper::style::pt_per_mm;
  const double left = media.llx + place.x_mm * mm;
  const double top = media.ury - place.y_mm * mm;
  const double right = left + place.width_mm * mm;
  const double bottom = top - place.height_mm * mm;
  const bool inside = place.width_mm > 0 && place.height_mm > 0 && left >= media.llx && right <= media.urx &&
                      top <= media.ury && bottom >= media.lly;
  if (!inside) return Error(bad_place, "x " + number_text(place.x_mm) + ", y " + number_text(place.y_mm) + " mm");
  return "[ " + number_text(left) + " " + number_text(bottom) + " " + number_text(right) + " " + number_text(top) +
         " ]";
}

std::string text_string(const std::string& text) {
  std::size_t size = std::min(text.size(), reason_bytes_max);
  while (size < text.size() && size > 0 && (text[size] & 0xC0) == 0x80) --size;  // Not within a character.
  return QPDFObjectHandle::newUnicodeString(text.substr(0, size)).unparse();
}

std::string signature_body(const SignRequest& request) {
  std::string out = "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M " + pdf_time(request.time);
  if (!request.name.empty()) out += " /Name " + text_string(request.name);
  if (!request.reason.empty()) out += " /Reason " + text_string(request.reason);
  out += " /ByteRange " + std::string(byte_range_blank);
  return out + " /Contents <" + std::string(cms_bytes_max * 2, '0') + "> >>";
}

Result<std::string> free_name(Document& document) {
  LUY_TRY(const std::vector<Field> fields, document.fields());
  std::set<std::string> taken;
  for (const Field& field : fields) taken.insert(field.name.substr(0, field.name.find('.')));
  for (std::size_t i = 1;; ++i) {
    std::string name = "ChuKySo" + std::to_string(i);
    if (taken.count(name) == 0) return name;
  }
}

// Adds a reference to an array that is an object of its own, or direct in its owner.
void add_to_form(Update& update, int field) {
  QPDFObjectHandle root = update.document().qpdf().getRoot();
  QPDFObjectHandle form = root.getKey("/AcroForm");
  std::string list;
  if (form.isDictionary() && form.getKey("/Fields").isArray()) {
    for (QPDFObjectHandle one : form.getKey("/Fields").aitems()) list += " " + one.unparse();
  }
  const std::string begin = form.isDictionary() ? opened_without(form, {"/Fields", "/SigFlags"}) : "<<";
  const std::string body = begin + " /SigFlags 3 /Fields [" + list + " " + reference_to(field) + " ] >>";
  if (form.isIndirect()) {
    update.put(form.getObjectID(), form.getGeneration(), body);
    return;
  }
  const int number = update.new_number();
  update.put(number, body);
  update.put(root.getObjectID(), root.getGeneration(),
             opened_without(root, {"/AcroForm"}) + " /AcroForm " + reference_to(number) + " >>");
}

void add_to_page(Update& update, QPDFObjectHandle page, int field) {
  QPDFObjectHandle annotations = page.getKey("/Annots");
  std::string list = "[";
  if (annotations.isArray()) {
    for (QPDFObjectHandle one : annotations.aitems()) list += " " + one.unparse();
  }
  list += " " + reference_to(field) + " ]";
  if (annotations.isArray() && annotations.isIndirect()) {
    update.put(annotations.getObjectID(), annotations.getGeneration(), list);
  } else {
    update.put(page.getObjectID(), page.getGeneration(),
               opened_without(page, {"/Annots"}) + " /Annots " + list + " >>");
  }
}

Result<void> add_objects(Update& update, const SignRequest& request) {
  const std::vector<QPDFObjectHandle> pages = update.document().pages();
  const unsigned page_number = request.place ? request.place->page : 1;
  if (page_number == 0 || page_number > pages.size()) {
    return Error(bad_place, std::to_string(page_number) + "/" + std::to_string(pages.size()));
  }
  QPDFObjectHandle page = pages[page_number - 1];
  if (!page.isIndirect()) return Error(bad_pdf, "Kids");
  std::string rectangle = "[ 0 0 0 0 ]";
  if (request.place) {
    LUY_TRY(rectangle, rectangle_of(page, *request.place));
  }
  LUY_TRY(const std::string name, free_name(update.document()));
  const int signature = update.new_number();
  const int field = update.new_number();
  update.put(signature, signature_body(request));
  std::string widget = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (" + name + ") /F " +
                       std::to_string(widget_flags) + " /Rect " + rectangle + " /P " + page.unparse() + " /V " +
                       reference_to(signature);
  if (request.place && !request.appearance.empty()) {
    LUY_TRY(const int form, import_form(update, request.appearance));
    widget += " /AP << /N " + reference_to(form) + " >>";
  }
  update.put(field, widget + " >>");
  add_to_form(update, field);
  add_to_page(update, page, field);
  return {};
}

// Finds the room in the appended bytes and writes the byte range.
Prepared with_range(std::string bytes, std::size_t old_size) {
  const std::size_t range = bytes.find(byte_range_blank, old_size);
  const std::size_t room = bytes.find("/Contents <" + std::string(64, '0'), old_size);
  LUY_CHECK(range != std::string::npos && room != std::string::npos);
  Prepared out;
  out.room_begin = room + std::string_view("/Contents ").size();
  out.room_end = out.room_begin + cms_bytes_max * 2 + 2;
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "[0 %010zu %010zu %010zu]", out.room_begin, out.room_end,
                                 bytes.size() - out.room_end);
  LUY_CHECK(size == static_cast<int>(byte_range_blank.size()));
  bytes.replace(range, byte_range_blank.size(), text.data(), byte_range_blank.size());
  out.bytes = std::move(bytes);
  return out;
}

}  // namespace

Result<Prepared> prepare(std::string_view pdf, const SignRequest& request) {
  if (pdf.size() > pdf_bytes_max) return Error(pdf_too_large, std::to_string(pdf.size() >> 20) + " MiB");
  LUY_TRY(Update update, Update::open(pdf));
  try {
    LUY_TRY_VOID(add_objects(update, request));
    return with_range(update.finish(), pdf.size());
  } catch (const std::exception& error) {
    return Error(bad_pdf, error.what());
  }
}

Result<std::string> complete(Prepared prepared, Signer& signer, const TimeStamping& stamping) {
  const std::string_view bytes = prepared.bytes;
  const std::array parts = {bytes.substr(0, prepared.room_begin), bytes.substr(prepared.room_end)};
  LUY_TRY(const std::string cms, build_cms(parts, signer, stamping));
  if (cms.size() * 2 + 2 > prepared.room_end - prepared.room_begin) {
    return Error(sign_failed, std::to_string(cms.size()) + " byte");
  }
  const std::string hex = to_hex(as_bytes(cms));
  prepared.bytes.replace(prepared.room_begin + 1, hex.size(), hex);
  return std::move(prepared.bytes);
}

Result<std::string> sign_pdf(std::string_view pdf, const SignRequest& request, Signer& signer,
                             const TimeStamping& stamping) {
  LUY_TRY(Prepared prepared, prepare(pdf, request));
  return complete(std::move(prepared), signer, stamping);
}

}  // namespace luy::signature
