// The commands of the server with what each gives back; what each takes is generated.
import { commands, type CommandName, type CommandParameters } from '@/generated/commands';
import type {
  Account,
  Board,
  CallCard,
  CallerHistory,
  Card,
  FeedOpened,
  Hello,
  Reference,
  SeatCard,
  SeatList,
  ServerShow,
  TicketFull,
  TicketPage,
} from './wire';

export type { CommandName };
export type Params<N extends CommandName> = CommandParameters[N];
export type Topic = Params<'feed.open'>['topics'][number];
export type ListQuestion = Omit<Params<'ticket.list'>, 'after' | 'limit'>;
export type Submission = Params<'ticket.submit'>;

/** Contact data in full, as far as it was given. */
export interface Revealed {
  card: Card;
  phone?: string | null;
  name?: string | null;
  id_no?: string | null;
}

type Nothing = Record<string, never>;

interface Replies extends Record<CommandName, unknown> {
  'session.hello': Hello;
  'reference.all': Reference;
  'feed.open': FeedOpened;
  'seat.set': SeatCard;
  'seat.list': SeatList;
  'call.answer': CallCard;
  'call.hangup': CallCard;
  'call.caller': CallerHistory;
  'caller.history': CallerHistory;
  'ticket.submit': Card;
  'ticket.get': TicketFull;
  'ticket.find': Card;
  'ticket.list': TicketPage;
  'ticket.assign': Card;
  'ticket.recall': Card;
  'ticket.sign': Card;
  'ticket.progress': Card;
  'ticket.finish': Card;
  'ticket.notify': Card;
  'ticket.rate': Card;
  'ticket.archive': Card;
  'ticket.reveal': Revealed;
  'board.get': Board;
  'account.list': { rows: Account[] };
  'account.enable': Nothing;
  'account.unlock': Nothing;
  'server.show': ServerShow;
}

export type Reply<N extends CommandName> = Replies[N];

/** Whether a command changes something: it carries a request id and is done once however often sent. */
export function isWrite(method: CommandName): boolean {
  return commands[method].write;
}
