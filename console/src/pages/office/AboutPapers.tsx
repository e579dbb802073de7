// Papers about one thing, on its own page: the minutes of an access review, the letter of a request to a provider. What
// was issued is handed over here; the rest is done on the paper's page.
import { Button } from 'antd';
import { Link, useNavigate } from 'react-router-dom';
import type { NewOfficePaper, OfficePaper } from '~/api/caseworkTypes';
import { type PaperFile, paperPath, useDraftOffice, useFiles, useOfficePapers } from '~/api/papers';
import type { Action } from '~/api/types';
import { useLanguage } from '~/i18n';
import { saveBlob } from '~/ui/files';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Loaded, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly } from '~/ui/Time';
import { paperLook } from '../incidents/Papers';
import { fileNameOf, fileToSign } from '../incidents/paperData';
import '../incidents/incidents.css';

type Kind = 'review' | 'provider_request';
const formOf = { review: 'bien-ban-ra-soat-quyen', provider_request: 'cong-van-yeu-cau' } as const;

interface Props {
  kind: Kind;
  about: string;
  action: Action;
  whyNot?: string | null | undefined;
}

export function AboutPapers({ kind, about, action, whyNot }: Props) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const query = useOfficePapers({ kind, about });
  const draft = useDraftOffice();
  const files = useFiles();
  const wanted: NewOfficePaper =
    kind === 'review'
      ? { form: formOf.review, review: about }
      : { form: formOf.provider_request, provider_request: about };
  const error = draft.error ?? files.error;
  const hand = (paper: OfficePaper, as: PaperFile) =>
    files.mutate(
      { path: paperPath({ incident: null, paper: paper.id }, as), name: fileNameOf(paper, as) },
      { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
    );
  return (
    <Section
      title={t(`office_about.${kind}`)}
      extra={
        <MayButton
          action={action}
          size="small"
          whyNot={whyNot}
          loading={draft.isPending}
          onClick={() => draft.mutate(wanted, { onSuccess: (paper) => navigate(`/papers/${paper.id}`) })}
        >
          {t(`office_make.${kind}`)}
        </MayButton>
      }
    >
      {error ? <ErrorNote error={error} /> : null}
      <Loaded query={query} rows={1}>
        {(papers) =>
          papers.length === 0 ? (
            <p className="muted">{t(`office_will.${kind}`)}</p>
          ) : (
            <ul className="worklist">
              {papers.map((paper) => (
                <li key={paper.id}>
                  <span className="worklist-title">
                    <StateIcon state={paperLook[paper.state]} />{' '}
                    <Link to={`/papers/${paper.id}`}>{paper.notation ?? t('paper.no_number')}</Link>
                  </span>
                  <span className="worklist-meta">
                    <span>{t(`paper_state.${paper.state}`)}</span>
                    <DateOnly at={paper.issued_at ?? paper.made_at} />
                    {paper.state === 'draft' ? null : (
                      <Button
                        size="small"
                        loading={files.isPending}
                        onClick={() => hand(paper, fileToSign(paper))}
                      >
                        {t('office.pdf')}
                        <span className="visually-hidden"> {paper.notation}</span>
                      </Button>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
