import agency from './en/agency.json';
import antivirus from './en/antivirus.json';
import backups from './en/backups.json';
import bench from './en/bench.json';
import casework from './en/casework.json';
import checkpoints from './en/checkpoints.json';
import common from './en/common.json';
import control from './en/control.json';
import custody from './en/custody.json';
import detection from './en/detection.json';
import duties from './en/duties.json';
import duty from './en/duty.json';
import evidence from './en/evidence.json';
import facts from './en/facts.json';
import forms from './en/forms.json';
import incident from './en/incident.json';
import inventory from './en/inventory.json';
import leaves from './en/leaves.json';
import mail from './en/mail.json';
import notices from './en/notices.json';
import office from './en/office.json';
import orders from './en/orders.json';
import papers from './en/papers.json';
import patches from './en/patches.json';
import people from './en/people.json';
import persons from './en/persons.json';
import premises from './en/premises.json';
import provider from './en/provider.json';
import release from './en/release.json';
import searches from './en/searches.json';
import senders from './en/senders.json';
import sources from './en/sources.json';
import systems from './en/systems.json';
import town from './en/town.json';
import tracing from './en/tracing.json';
import trail from './en/trail.json';
import trust from './en/trust.json';
import watch from './en/watch.json';
import witness from './en/witness.json';

export const en = {
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
