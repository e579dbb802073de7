// Whom the town office reaches when something happens: provincial and national bodies, the police, providers. A contact
// is verified in an act of its own, says how, and counts for as long as the pack says (`contacts` in process.yaml);
// what changes in person or channel has to be verified anew. Each act is one transaction with its entry in the audit
// trail.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "incident/case_paper.h"
#include "incident/process.h"
#include "records/database.h"

namespace luy::incident {

using ContactId = Id<struct ContactTag>;

inline constexpr ErrorKind contact_unknown{"incident.contact_unknown", ErrorClass::not_found,
                                           "Không tìm thấy đầu mối liên hệ này.", "There is no such contact."};
inline constexpr ErrorKind contact_verified_early{
    "incident.contact_verified_early", ErrorClass::invalid,
    "Thời điểm xác minh {} trước lần sửa gần nhất của đầu mối. Hãy xác minh lại theo thông tin hiện tại.",
    "The verification at {} lies before the contact was last changed. Verify it as it is now."};

inline constexpr std::size_t contacts_max = 1000;
inline constexpr std::size_t contact_line_bytes_max = 200;

struct ContactFields {
  std::string body;    // "Sở Khoa học và Công nghệ tỉnh Thanh Hóa"
  std::string kind;    // ContactRules::kinds
  std::string person;  // May be empty, like the rest but for `channel` and one of telephone and e-mail.
  std::string position;
  std::string phone;
  std::string email;
  std::string channel;  // The secure one: "Trục liên thông văn bản quốc gia".
  bool is_around_the_clock = false;
  std::string note;
};

struct Contact {
  struct Verification {
    Time at;
    std::string by;
    std::string how;
  };
  ContactId id;
  ContactFields fields;
  std::optional<Verification> verification;
  Time added_at;
  std::string added_by;
  Time reached_since;  // Since when person and channels are as they are.
};

// When the verification runs out; nullopt without one.
std::optional<Time> verified_until(const Contact& contact, const ContactRules& rules);
// Whether the channel was verified on that day.
bool is_verified_on(const Contact& contact, const ContactRules& rules, Day day);
// What is sent to a contact: recipient and channel are the contact's where `given` leaves them empty. Sent by another
// channel it is not verified.
Delivery delivery_to(const Contact& contact, const ContactRules& rules, const Delivery& given);

class ContactBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    const Process& process;
  };
  explicit ContactBook(Dependencies dependencies) : d_(dependencies) {}

  // `place` is the town's agency; all need contact_manage on it.
  struct Actor {
    directory::Caller caller;
    std::string name;
    directory::Object place;
  };
  // Errors: the policy's, text_missing (naming all), part_field, unknown_choice, too_many.
  Result<Contact> add(const Actor& actor, const ContactFields& fields);
  // Errors: also contact_unknown.
  Result<Contact> change(const Actor& actor, const ContactId& id, const ContactFields& fields);
  // Errors: the policy's, contact_unknown, text_missing, time_in_future, contact_verified_early.
  Result<Contact> verify(const Actor& actor, const ContactId& id, const std::string& how, Time at);
  Result<void> remove(const Actor& actor, const ContactId& id);  // Errors: the policy's, contact_unknown.
  Result<Contact> find(const ContactId& id) const;               // Errors: contact_unknown.
  Result<std::vector<Contact>> list() const;                     // By body and person.

 private:
  Result<ContactFields> checked(const ContactFields& fields) const;

  const Dependencies d_;
};

}  // namespace luy::incident
