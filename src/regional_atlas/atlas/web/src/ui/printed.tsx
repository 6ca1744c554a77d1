/** What stands on paper in place of the map: a picture of it as it was on the screen, whole whatever the page's size. */
import { useEffect, useRef } from "preact/hooks";
import { mapPicture } from "../output/picture.ts";
import { useShared } from "./context.ts";
import { ReviewNumber } from "./furniture.tsx";

export function Printed() {
  const { app, map } = useShared();
  const slot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const draw = () => {
      app.printing(true);
      slot.current!.replaceChildren(mapPicture(app, map));
    };
    const clear = () => {
      app.printing(false);
      slot.current!.replaceChildren();
    };
    window.addEventListener("beforeprint", draw);
    window.addEventListener("afterprint", clear);
    return () => {
      window.removeEventListener("beforeprint", draw);
      window.removeEventListener("afterprint", clear);
    };
  }, [app, map]);
  return (
    <figure class="ra-printed">
      <div ref={slot} />
      <ReviewNumber />
    </figure>
  );
}
