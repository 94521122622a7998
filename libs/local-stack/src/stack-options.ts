export type Environment = Readonly<Record<string, string | undefined>>;

/** What everything that starts something takes. */
export interface StackOptions {
  /** The caller's environment: PATH, JAVA_HOME and the like are looked up here and handed on to what is started. */
  readonly env: Environment;
  /** Receives one line for people at a time, before anything that takes long or changes the machine. */
  readonly say: (line: string) => void;
  /** Gives up a start that is under way; what was started by then is ended before the promise is rejected. */
  readonly signal?: AbortSignal | undefined;
}
