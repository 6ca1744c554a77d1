/** Drawing that waits for the browser's next frame. */

/** Does the work once before the next frame is shown, however often it is asked for until then. */
export class Soon {
  private waiting = 0;

  constructor(private readonly work: () => void) {}

  readonly ask = (): void => {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.work();
    });
  };

  readonly cancel = (): void => {
    cancelAnimationFrame(this.waiting);
    this.waiting = 0;
  };
}
