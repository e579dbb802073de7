// An incremental update of a PDF: changed and new objects behind the old bytes, with a cross-reference section of the
// kind the file already has (table or stream). The old bytes stay as they are, and with them earlier signatures.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "signature/pdf/document.h"

namespace luy::signature {

class Update {
 public:
  // `bytes` must outlive the update. Errors: bad_pdf, pdf_encrypted.
  static Result<Update> open(std::string_view bytes);

  Document& document() { return *document_; }
  int new_number() { return next_++; }
  // The object's new text, without "obj" and "endobj". Later calls replace earlier ones.
  void put(int number, int generation, std::string body) { objects_[number] = {generation, std::move(body)}; }
  void put(int number, std::string body) { put(number, 0, std::move(body)); }
  // The whole file.
  std::string finish();

 private:
  struct Changed {
    int generation = 0;
    std::string body;
  };
  Update() = default;
  std::string_view bytes_;
  std::unique_ptr<Document> document_;
  std::size_t previous_ = 0;  // Where the file's last cross-reference section stands.
  bool as_stream_ = false;
  int next_ = 1;
  std::map<int, Changed> objects_;
};

std::string reference_to(int number);
// "<< … " of all keys but `without`; the caller adds its own and " >>".
std::string opened_without(QPDFObjectHandle dictionary, std::initializer_list<std::string_view> without);

// Puts the first page of `pdf` (one of ours) into the update as a form XObject; its number. Errors: bad_pdf.
Result<int> import_form(Update& update, std::string_view pdf);

}  // namespace luy::signature
