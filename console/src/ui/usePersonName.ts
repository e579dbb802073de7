// A user name as the person's; what is not among the accounts that one sees stays as it is.
import { useAccounts } from '~/api/people';

export function usePersonName() {
  const accounts = useAccounts();
  return (username: string) =>
    accounts.data?.find((each) => each.username === username)?.display_name ?? username;
}
