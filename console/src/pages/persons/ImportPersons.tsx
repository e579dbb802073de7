// People from a sheet.
import { useImportPersons } from '~/api/persons';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { SheetImport } from '~/ui/SheetImport';

export default function ImportPersons() {
  const { t, language } = useLanguage();
  return (
    <SheetImport
      title={t('nav.persons_import')}
      lead={t('persons.sheet_lead')}
      to="/persons"
      register={t('nav.persons')}
      fields="id,name,agency,position,email,phone,since"
      action="person_manage"
      sheet={useImportPersons()}
      named={[{ key: 'name', title: t('people.name'), primary: true, render: (row) => row.name }]}
      sum={(counts) =>
        t('persons.sheet_sum', {
          create: formatNumber(counts.create, language),
          change: formatNumber(counts.change, language),
          nothing: formatNumber(counts.nothing, language),
          refuse: formatNumber(counts.refuse, language),
        })
      }
    />
  );
}
