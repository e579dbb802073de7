// A PDF as the library parses it, without repairs: what is damaged is refused, never guessed. libqpdf only parses; what
// Lũy adds to a file is written by update.h.
#pragma once

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFXRefEntry.hh>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::signature {

// By object number; the generation beside it.
struct Place {
  int generation = 0;
  int type = 0;  // 1: at `at` in the file; 2: within the object stream numbered `at`.
  std::size_t at = 0;
  int index = 0;  // Within the object stream.
  bool operator==(const Place&) const = default;
};
using ObjectTable = std::map<int, Place>;

// A signature field, or any other.
struct Field {
  QPDFObjectHandle object;
  std::string name;  // Fully qualified.
  bool is_signature = false;
};

class Document {
 public:
  // `bytes` must outlive the document. Errors: bad_pdf, pdf_encrypted (sign.h).
  static Result<std::unique_ptr<Document>> open(std::string_view bytes);

  QPDF& qpdf() { return qpdf_; }
  const ObjectTable& objects() const { return objects_; }
  // Terminal fields of the form, in order. Errors: bad_pdf for a form that is no tree.
  Result<std::vector<Field>> fields();
  std::vector<QPDFObjectHandle> pages();  // Throws what qpdf throws.

 private:
  Document() = default;
  QPDF qpdf_;
  ObjectTable objects_;
};

}  // namespace luy::signature
