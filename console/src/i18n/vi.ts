import agency from './vi/agency.json';
import antivirus from './vi/antivirus.json';
import backups from './vi/backups.json';
import bench from './vi/bench.json';
import casework from './vi/casework.json';
import checkpoints from './vi/checkpoints.json';
import common from './vi/common.json';
import control from './vi/control.json';
import custody from './vi/custody.json';
import detection from './vi/detection.json';
import duties from './vi/duties.json';
import duty from './vi/duty.json';
import evidence from './vi/evidence.json';
import facts from './vi/facts.json';
import forms from './vi/forms.json';
import incident from './vi/incident.json';
import inventory from './vi/inventory.json';
import leaves from './vi/leaves.json';
import mail from './vi/mail.json';
import notices from './vi/notices.json';
import office from './vi/office.json';
import orders from './vi/orders.json';
import papers from './vi/papers.json';
import patches from './vi/patches.json';
import people from './vi/people.json';
import persons from './vi/persons.json';
import premises from './vi/premises.json';
import provider from './vi/provider.json';
import release from './vi/release.json';
import searches from './vi/searches.json';
import senders from './vi/senders.json';
import sources from './vi/sources.json';
import systems from './vi/systems.json';
import town from './vi/town.json';
import tracing from './vi/tracing.json';
import trail from './vi/trail.json';
import trust from './vi/trust.json';
import watch from './vi/watch.json';
import witness from './vi/witness.json';

export const vi = {
  ...common,
  ...duty,
  ...detection,
  ...control,
  ...antivirus,
  ...backups,
  ...bench,
  ...tracing,
  ...watch,
  ...premises,
  ...incident,
  ...papers,
  ...trust,
  ...office,
  ...forms,
  ...systems,
  ...casework,
  ...town,
  ...orders,
  ...facts,
  ...inventory,
  ...evidence,
  ...checkpoints,
  ...custody,
  ...witness,
  ...release,
  ...searches,
  ...patches,
  ...senders,
  ...people,
  ...mail,
  ...provider,
  ...trail,
  ...agency,
  ...persons,
  ...sources,
  ...notices,
  ...leaves,
  ...duties,
};
