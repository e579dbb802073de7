// When the town office took note of a case or a report (article 12.1); until then, the button that does it.
import { useProcess } from '~/api/incidents';
import { useSession } from '~/api/queries';
import { type Matter, useReceive } from '~/api/town';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { receivesForTown } from './board';

// Why this person's receipt would not be the town office's; null when it is.
export function useWhyNoReceipt(): string | null {
  const { t } = useLanguage();
  const session = useSession();
  const process = useProcess();
  return receivesForTown(session.data?.grants ?? [], process.data?.receipt_roles)
    ? null
    : t('town.only_town_office');
}

export function Receipt({
  matter,
  at,
  by,
}: {
  matter: Matter;
  at: string | null | undefined;
  by: string | null | undefined;
}) {
  const { t } = useLanguage();
  const receive = useReceive();
  const whyNot = useWhyNoReceipt();
  if (at)
    return (
      <span className="two-lines">
        <Time at={at} />
        <span className="muted">{by}</span>
      </span>
    );
  return (
    <>
      {receive.error ? <ErrorNote error={receive.error} /> : null}
      <MayButton
        action="incident_handle"
        size="small"
        type="primary"
        whyNot={whyNot}
        loading={receive.isPending}
        onClick={() => receive.mutate(matter)}
      >
        {t('report.receive')}
      </MayButton>
    </>
  );
}
