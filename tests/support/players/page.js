// Runs in the page: plays an output to its end and tells what came of it. What a player appends to its buffers is kept.

const video = document.querySelector("video");
const appended = [];

const rangesOf = (ranges) => Array.from({ length: ranges.length }, (_, at) => [ranges.start(at), ranges.end(at)]);

const { addSourceBuffer } = MediaSource.prototype;
let buffers = 0;
MediaSource.prototype.addSourceBuffer = function (type) {
  const buffer = addSourceBuffer.call(this, type);
  const number = buffers++;
  const append = buffer.appendBuffer.bind(buffer);
  buffer.appendBuffer = (data) => {
    const view = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    const one = { buffer: number, bytes: view.toBase64(), timestampOffset: 0, buffered: [] };
    appended.push(one);
    const placed = () => {
      one.timestampOffset = buffer.timestampOffset;
      one.buffered = rangesOf(buffer.buffered);
    };
    buffer.addEventListener("updateend", placed, { once: true });
    append(data);
  };
  return buffer;
};

// Each starts a player; `stalled` and `failed` are told what it complains of, `ended` when it is through. With
// `isSwitching` each segment is of another rendition than the one before.
const start = {
  async hls(url, { stalled, failed, isSwitching }) {
    const hls = new Hls({ startLevel: isSwitching ? 0 : undefined });
    // Before a segment has come it would be given up and loaded again.
    if (isSwitching)
      hls.on(Hls.Events.FRAG_LOADED, (_, { frag }) => {
        if (frag.type === "main" && frag.sn !== "initSegment") hls.loadLevel = 1 - frag.level;
      });
    hls.on(Hls.Events.ERROR, (_, { fatal, details }) => {
      if (fatal) failed(details);
      else if (/stall/i.test(details)) stalled(details);
    });
    hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
    hls.loadSource(url);
    hls.attachMedia(video);
  },
  async dash(url, { stalled, failed, ended, isSwitching }) {
    const player = dashjs.MediaPlayer().create();
    if (isSwitching) {
      player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: false } } } });
      player.on("fragmentLoadingStarted", ({ request }) => {
        if (request.mediaType === "video" && request.type === "MediaSegment")
          player.setRepresentationForTypeByIndex("video", 1 - request.representation.absoluteIndex);
      });
    }
    // At the end it may pause before the video itself comes to say so.
    player.on("playbackEnded", ended);
    player.on("error", ({ error }) => failed(String(error?.message ?? error)));
    player.on("playbackStalled", () => stalled("playbackStalled"));
    player.initialize(video, url, true);
  },
  async shaka(url, { stalled, failed, isSwitching }) {
    shaka.polyfill.installAll();
    const player = new shaka.Player();
    player.addEventListener("error", ({ detail }) => failed(`error ${detail.code}`));
    player.addEventListener("stalldetected", () => stalled("stalldetected"));
    await player.attach(video);
    if (isSwitching) {
      player.configure({ abr: { enabled: false } });
      player.addEventListener("segmentappended", ({ contentType }) => {
        if (contentType !== "video") return;
        const other = player.getVariantTracks().find(({ active }) => !active);
        player.selectVariantTrack(other, false, 0);
      });
    }
    await player.load(url);
    await video.play();
  },
};

const canvas = document.createElement("canvas");
canvas.width = 1;
canvas.height = 1;
const context = canvas.getContext("2d", { willReadFrequently: true });

function isWhite() {
  context.drawImage(video, 0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data[0] > 128;
}

/** The frame that was shown last. */
let shown = { seconds: Number.NaN, isWhite: false, height: 0 };

const nextFrame = () =>
  new Promise((done) => {
    video.requestVideoFrameCallback((_, { mediaTime, height }) => {
      shown = { seconds: mediaTime, isWhite: isWhite(), height };
      done(shown);
    });
  });

/** Plays to the end, or until nothing has moved for `patienceMs`. */
window.playToEnd = async (player, url, patienceMs, isSwitching) => {
  const [frames, stalls, errors] = [[], [], []];
  const { promise: over, resolve: end } = Promise.withResolvers();
  let lastMove = performance.now();
  const watch = setInterval(() => performance.now() - lastMove > patienceMs && end("stuck"), 200);
  const watchFrames = async () => {
    for (;;) frames.push(await nextFrame());
  };
  void watchFrames();
  const ended = () => end("ended");
  video.addEventListener("ended", ended);
  video.addEventListener("timeupdate", () => {
    lastMove = performance.now();
  });
  // Media may begin a few frames after zero, and a player then waits once before it goes there.
  video.addEventListener("waiting", () => video.currentTime > 0.5 && !video.ended && stalls.push("waiting"));
  const failed = (error) => {
    errors.push(error);
    end("failed");
  };
  const stalled = (what) => stalls.push(what);
  start[player](url, { stalled, failed, ended, isSwitching }).catch((error) => failed(String(error)));
  const how = await over;
  clearInterval(watch);
  isOver = true;
  return {
    how,
    seconds: video.currentTime,
    frames: [...frames],
    stalls,
    errors,
    appended,
    buffered: rangesOf(video.buffered),
  };
};

// Players would load again what is buffered when they learn of a seek: once playback is over they are told no more.
let isOver = false;
let onSeeked = () => {};
for (const type of ["seeking", "seeked", "pause", "timeupdate", "waiting"]) {
  video.addEventListener(type, (event) => {
    if (!isOver) return;
    event.stopImmediatePropagation();
    if (type === "seeked") onSeeked();
  });
}

const longestWaitFrames = 300;

/** Shows what is at a time, once playback is over, and waits until that is a frame that `isWanted`. */
const showAt = async (seconds, isWanted) => {
  const { promise: seeked, resolve } = Promise.withResolvers();
  onSeeked = resolve;
  video.currentTime = seconds;
  await seeked;
  for (let waited = 0; !isWanted() && waited < longestWaitFrames; waited += 1) await new Promise(requestAnimationFrame);
};

/** When the last frame begins that there is to be shown, once playback is over; `period` is how long each is shown. */
window.lastFrame = async (period) => {
  video.pause();
  const last = video.buffered.end(video.buffered.length - 1) - period / 2;
  await showAt(last, () => Math.abs(shown.seconds - last) < period);
  return shown.seconds;
};

/** Whether the frames that begin at these times are white, once playback is over; `period` is how long each is shown. */
window.areWhite = async (times, period) => {
  video.pause();
  const found = [];
  for (const seconds of times) {
    await showAt(seconds + period / 2, () => Math.abs(shown.seconds - seconds) < period / 2);
    found.push(shown.isWhite);
  }
  return found;
};
