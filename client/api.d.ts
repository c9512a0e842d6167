// Made from /openapi.json by `bun run generate`.

/** OneOf type helpers */
type Without<T, U> = { [P in Exclude<keyof T, keyof U>]?: never };
type XOR<T, U> = (T | U) extends object ? (Without<T, U> & U) | (Without<U, T> & T) : T | U;
type OneOf<T extends any[]> = T extends [infer Only] ? Only : T extends [infer A, infer B, ...infer Rest] ? OneOf<[XOR<A, B>, ...Rest]> : never;

export interface paths {
  "/api/v1/jobs": {
    /**
     * Running and recent jobs, newest first
     * @description Running jobs of the connected workers, and the records in storage. Wakes no worker.
     */
    get: operations["listJobs"];
    /** Order an encode */
    post: operations["submitJob"];
  };
  "/api/v1/jobs/{id}": {
    /** A job's state */
    get: operations["getJob"];
    /**
     * Cancel a job, or remove one that has ended
     * @description A cancel removes what the job had uploaded; it is refused once the job has ended or is being published. With `output=true` an ended job goes, with what it has published, what a worker keeps of it, its pending webhooks and its record; what another job has put in the place of an object stays. A removal that fails can be repeated.
     */
    delete: operations["cancelJob"];
    /** Change the priority of a job that waits */
    patch: operations["changeJob"];
    parameters: {
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
  };
  "/api/v1/plan": {
    /**
     * What presets would make of a source: a dry run
     * @description A worker fetches and examines the whole source as it does for a job, in a slot of its own and under the same limits, for at most 10 minutes, and keeps nothing. It encodes nothing. It ends with the connection. It does not come before orders that wait, and counts as a job of its client.
     */
    post: operations["planJob"];
  };
  "/api/v1/queue": {
    /**
     * How much waits for a worker
     * @description Of the client's tenant; with the scope `admin` of all. Not found where the service has no QUEUE_URL.
     */
    get: operations["readQueue"];
  };
  "/api/v1/jobs/{id}/retry": {
    /**
     * Order an ended job again
     * @description The new job has the ended one's destination. A conflict when the job has not ended, when its source's address was not kept in full, or its callback_url was not and the body names none.
     */
    post: operations["retryJob"];
    parameters: {
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
  };
  "/api/v1/jobs/{id}/stream": {
    /**
     * A job's events as they happen
     * @description Server-Sent Events: `id` is the sequence, `data` an Event. Begins with what came before, a comment every few seconds keeps it open, ends after the final event.
     */
    get: operations["watchJob"];
    parameters: {
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
  };
  "/api/v1/presets": {
    /** The presets on offer */
    get: operations["listPresets"];
  };
  "/api/v1/workers/status": {
    /** How every worker is */
    get: operations["listWorkers"];
  };
  "/api/v1/uploads": {
    /**
     * Begin an upload
     * @description Resumable uploads by tus 1.0 with its extensions creation, creation-with-upload and termination. Not found where the service has no UPLOAD_STORAGE. An upload belongs to the client's tenant; a job reads it by the `input_url` `upload:<id>`. Where uploads are taken, `GET /healthz` has the header Tus-Version.
     */
    post: operations["createUpload"];
  };
  "/api/v1/uploads/{id}": {
    /** Remove an upload */
    delete: operations["removeUpload"];
    /** Where an upload stands */
    head: operations["readUpload"];
    /**
     * Go on with an upload
     * @description After a broken connection ask with HEAD first: bytes that arrived are kept as far as the storage can.
     */
    patch: operations["continueUpload"];
    parameters: {
      path: {
        /**
         * @description The upload's id, the last part of its Location.
         * @example 5f2b1c0d9e8a7f6b5c4d3e2f1a0b9c8d
         */
        id: string;
      };
    };
  };
  "/api/v1/jobs/{id}/certificate": {
    /**
     * The signed certificate of what a job made
     * @description An in-toto statement with SLSA provenance in an envelope of DSSE, one line of JSON. Not found before the job has completed, and where its worker had no SIGNING_KEY.
     */
    get: operations["readCertificate"];
    parameters: {
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
  };
  "/api/v1/jobs/{id}/log": {
    /**
     * What ffmpeg said in a job that failed
     * @description At most the last 1 MiB, in whole lines; the first line says so where more was said. URLs are `<url>`, paths `<file>`, and 32 hex digits `<key>`. Not found before the job has failed, for one that ended otherwise, and where ffmpeg had not begun to encode.
     */
    get: operations["readLog"];
    parameters: {
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
  };
  "/.well-known/jwks.json": {
    /**
     * The public keys of certificates
     * @description Of SIGNING_PUBLIC_KEYS; not found where that is not set. May be kept for an hour.
     */
    get: operations["readKeys"];
  };
  "/metrics": {
    /**
     * Metrics for Prometheus
     * @description Needs the scope `metrics:read`, unless METRICS_PUBLIC=true. Holds what this replica saw and what the connected workers say of themselves; wakes no worker.
     */
    get: operations["readMetrics"];
  };
  "/healthz": {
    /** Whether the control plane answers */
    get: operations["isAlive"];
  };
  "/readyz": {
    /** Whether it takes requests */
    get: operations["isReady"];
  };
}

export type webhooks = Record<string, never>;

export interface components {
  schemas: {
    Order: {
      /**
       * Format: uri
       * @description Where the source is: http or https unless the service allows more, or upload: and the id of a finished upload; at most 8192 characters.
       */
      input_url?: string;
      /** @description The sources that are joined to one film, in this order, instead of input_url: from 2 to 50. Size, frame rate, sound and colour are those of the first, or the preset's. Needs a preset of its own settings; not beside clip, or workers above 1. */
      inputs?: ({
          /**
           * Format: uri
           * @description Where this source is, as input_url.
           */
          url: string;
          /** @description The part of this source that is taken, as clip of an order. Default: all of it. */
          clip?: {
            start: number | string;
            end?: number | string;
          };
        })[];
      /** @description The name of a preset, as GET /api/v1/presets lists them; 1 to 64 characters. */
      preset: string;
      output?: {
        /**
         * @description Where the output goes. Default: the workers' STORAGE_TYPE.
         * @enum {string}
         */
        storage?: "local" | "s3" | "ftp";
        /** @description The output's key in the storage, relative, at most 1024 bytes; of an output of many files a folder that ends in /. Default: outputs/<job id>.<ext>, or outputs/<job id>/. */
        path?: string;
        /**
         * @description The preset's; naming another is an error.
         * @enum {string}
         */
        type?: "single" | "hls" | "dash" | "cmaf";
        /** @description Kept with the output where the storage can. Names of 1 to 64 of the characters A-Z a-z 0-9 _ -; 2048 bytes in total. */
        metadata?: {
          [key: string]: string;
        };
        /**
         * @description When a segmented output is shown: atomic (default) at the end, progressive as it grows.
         * @enum {string}
         */
        publish?: "atomic" | "progressive";
        /** @description Replaces a segmented output that is already there. Default: false, which is a conflict then. */
        overwrite?: boolean;
        /** @description Puts the job's signed certificate beside the output as well, as <job id>.intoto.jsonl; needs workers with a SIGNING_KEY. Default: false. */
        certificate?: boolean;
      };
      /**
       * @description Where orders wait for a worker: those of a higher priority are taken first. Default: normal.
       * @enum {string}
       */
      priority?: "high" | "normal" | "low";
      /**
       * @description Measures the quality of each rendition with pictures against the source before anything is shown: by VMAF, for which a worker needs an ffmpeg with libvmaf, or by SSIM. Not with output.publish progressive. Default: the preset's, else it is not measured.
       * @enum {string}
       */
      measure?: "vmaf" | "ssim";
      /** @description The mean VMAF, from 30 to 97, that the film is to have: its CRF is found by trying a sample of it, within 6 of the preset's. Needs a preset with video of its own settings. Default: the preset's. */
      quality?: {
        /** @description The mean VMAF of the best rendition against the source, from 30 to 97. */
        vmaf: number;
      };
      /** @description What of the preset's settings this order changes, within what the preset and the client's tenant allow; see docs/orders.md. Not for presets of arguments of their own. */
      params?: {
        /** @description The quality by the scale of the preset's codec: lower is better and larger. Of a ladder that of its largest rendition; the others keep their distance from it. */
        crf?: number;
        /** @description The average bit rate of the picture, in place of a quality: the encoder spends it whatever the film needs, in one pass. Of a ladder that of its largest rendition; the others keep their proportion to it. */
        bitrate?: string;
        /** @description The maximum bit rate of the picture over the decoder's buffer, which changes in proportion. Of a ladder as bitrate. Default: the preset's; with bitrate one and a half times that. */
        maxrate?: string;
        /** @description The short side of the picture in pixels; no source is made larger. Of a ladder the largest that it may have: larger renditions are left out. Bit rates change with it, by the power of 0.75 of the area. */
        size?: number;
        /** @description Pictures a second, from 10 to 60: a number, a fraction such as "30000/1001", or "<=30" for at most so many. Default: that of the source, at most 60. */
        frame_rate?: number | string;
        /**
         * @description The trade of encoding time for quality, by the names of x264, from ultrafast to veryslow.
         * @enum {string}
         */
        speed?: "ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium" | "slow" | "slower" | "veryslow";
        /** @description The bit rate of each sound. */
        audio_bitrate?: string;
        /** @description The integrated loudness of each sound in LUFS (EBU R128): the sounds are read and measured before they are encoded. */
        loudness?: number;
        /** @description The length of segments in seconds, a multiple of gop_seconds. */
        segment_seconds?: number;
        /** @description From one keyframe to the next in segments, in seconds. */
        gop_seconds?: number;
      };
      /** @description The part of the picture that is kept, in pixels of the picture as a player shows the source: upright, after rotate, with square pixels. What reaches outside fails the job. Odd numbers are rounded to even ones. Default: all of it. */
      crop?: {
        /** @description How far its left edge is from that of the picture, in pixels. */
        x: number;
        /** @description How far its upper edge is from that of the picture, in pixels. */
        y: number;
        /** @description Its width in pixels, at least 16. */
        width: number;
        /** @description Its height in pixels, at least 16. */
        height: number;
      };
      /**
       * @description How the picture fills a frame of width and height: contain shows all of it between bars, cover fills the frame and cuts off what is over, stretch changes its shape. Needs width and height. Default: contain.
       * @enum {string}
       */
      fit?: "contain" | "cover" | "stretch";
      /** @description The width of the output in pixels, an even number from 16 to 4096; of several renditions that of the largest, and the others have its shape. Without height, that follows the picture's shape. Both together have at most 9437184 pixels. Default: by the preset's size. */
      width?: number;
      /** @description The height of the output in pixels, as width. */
      height?: number;
      /** @description The colour of the bars that fit contain leaves: #rrggbb, or one of the sixteen names of colours of HTML 4. Default: black. */
      background?: string;
      /**
       * @description By how many degrees the picture is turned clockwise, after it was turned as the source itself says: 0, 90, 180 or 270. Default: 0.
       * @enum {number}
       */
      rotate?: 0 | 90 | 180 | 270;
      /**
       * @description Makes whole pictures of two fields: auto where the source says that it is interlaced, on always, off never. Default: auto.
       * @enum {string}
       */
      deinterlace?: "auto" | "on" | "off";
      /**
       * @description Takes noise out of the picture before it is encoded. Default: off.
       * @enum {string}
       */
      denoise?: "off" | "light" | "medium" | "strong";
      /** @description Pictures beside the film, besides those of the preset: at given moments, a sprite for the seek bar, a preview, a poster; see docs/orders.md. Needs a preset with video of its own settings. */
      thumbnails?: {
        /** @description A JPEG of each of these moments of what is made: seconds, or hh:mm:ss.mmm; at most 50, the earlier ones first. Beyond the end stands the last picture. */
        times?: (number | string)[];
        /** @description The short side of these in pixels; no source is made larger. Default: 720. */
        size?: number;
        /** @description Sheets of small pictures and a WebVTT for the seek bar. */
        sprite?: {
          /** @description The width of a picture in pixels. */
          width: number;
          /** @description The distance between pictures, in seconds. */
          every_seconds: number;
          /**
           * @description How many pictures lie side by side on a sheet. Default: 10.
           * @default 10
           */
          columns?: number;
          /**
           * @description How many rows a sheet has; fewer where it would have more than 67 million pixels. Default: 10.
           * @default 10
           */
          rows?: number;
        };
        /** @description A few moments without sound, to show when pointed at. */
        preview?: {
          /** @description The short side in pixels. */
          size: number;
          /** @description Its length, in seconds. */
          seconds: number;
          /**
           * @description How many moments, spread over the film, it shows. Default: 4.
           * @default 4
           */
          moments?: number;
          /**
           * @description Pictures a second. Default: 10.
           * @default 10
           */
          rate?: number;
          /**
           * @description An animated WebP, or mp4. Default: webp.
           * @default webp
           * @enum {string}
           */
          format?: "webp" | "mp4";
        };
        /** @description One picture that is typical of the film. */
        poster?: {
          /** @description The short side in pixels. */
          size: number;
        };
      };
      /** @description Pictures that are laid over the film, such as a watermark, the lowest first; at most 4. */
      overlay?: ({
          /**
           * Format: uri
           * @description Where the picture is, as input_url: a PNG, a WebP or a GIF of at most 20 MiB. One that is animated plays.
           */
          url: string;
          /**
           * @description Where it lies in the picture. Default: bottom_right.
           * @enum {string}
           */
          position?: "top_left" | "top" | "top_right" | "left" | "center" | "right" | "bottom_left" | "bottom" | "bottom_right";
          /** @description Its width: pixels of the largest rendition, or a share of the picture's width such as "12.5%". Its shape is kept. Default: "12%". */
          width?: number | string;
          /** @description How far it is from the edges that it lies at, as width. Default: "2%". */
          margin?: number | string;
          /** @description How much of it covers the picture, from 0.01 to 1. Default: 1. */
          opacity?: number;
          /** @description When it is shown from, in seconds. Default: the beginning. */
          start?: number;
          /** @description When it is shown until, in seconds. Default: the end. */
          end?: number;
        })[];
      /** @description Subtitles by URL or of the source, instead of those that the preset takes from the source; at most 8. */
      subtitles?: ({
          /**
           * Format: uri
           * @description Where their file is, as input_url: SubRip, WebVTT or ASS of at most 20 MiB, in UTF-8, UTF-16 or a usual older encoding, timed to the source. Either this or track.
           */
          url?: string;
          /** @description Which track of the source: the number of its stream, as ffprobe counts all streams from 0, or a language, whose first track is taken. Either this or url. */
          track?: number | string;
          /** @description The language as players are told it: BCP 47, or ISO 639. Default: what the source says of a track, else none. */
          language?: string;
          /** @description What a viewer chooses them by, at most 64 characters. Default: what the source calls a track, else the language's name. */
          name?: string;
          /**
           * @description render: a rendition of WebVTT, in segmented outputs. embed: a track in the file, of single outputs. burn: drawn into the picture, for every viewer. Default: render for segmented outputs, embed for single ones.
           * @enum {string}
           */
          mode?: "render" | "embed" | "burn";
          /** @description Whether they are shown also to who wants none, such as what signs say. Default: what the source says of a track, else false. */
          forced?: boolean;
          /** @description Whether players show them unless the viewer chooses otherwise; one at most. Default: false. */
          default?: boolean;
        })[];
      /** @description Which sounds of the source are taken, and how many channels they have. Default: as the preset has it. */
      audio?: {
        /** @description The sounds of the source that are taken, in this order, the first one as the default: a number counts the source's sounds from 0 in the file's order, a language such as "de" or "ger" stands for the film's own sound in it. At most 8. Default: the default sound of the source for a file, all for segments. */
        tracks?: (number | string)[];
        /**
         * @description The channels of the sound: stereo, mono, or source, which keeps surround as 5.1; segments have it beside stereo, as AAC and as E-AC-3. No sound gets more than the source has. Default: the preset's, which is stereo where it does not say.
         * @enum {string}
         */
        channels?: "stereo" | "mono" | "source";
      };
      /** @description How many workers may encode the film at a time, from 1 to 32: a longer film is cut into pieces that they share. Needs a preset with video of its own settings; not with output.publish progressive. Default: SPLIT_WORKERS, where the film can be shared. */
      workers?: number;
      /** @description The part of the source that is encoded, to the picture: times count from the source's beginning as players show it. Default: all of it. */
      clip?: {
        start: number | string;
        end?: number | string;
      };
      /**
       * Format: uri
       * @description Where the job's final event is posted, at most 8192 characters.
       */
      callback_url?: string;
      /** @description Each of the statuses, once, at whose beginning callback_url is told, besides the final one; needs callback_url. */
      callback_events?: ("queued" | "processing" | "uploading" | "completed" | "failed" | "cancelled")[];
    };
    RetryOrder: {
      /**
       * Format: uri
       * @description Where the job's final event is posted, at most 8192 characters.
       */
      callback_url?: string;
      /** @description As output.overwrite of an order: replaces a segmented output that is already there, such as the ended job's own. Default: as the ended job had it. */
      overwrite?: boolean;
    };
    JobChange: {
      /**
       * @description The priority that the waiting order has from now on: it goes behind those that wait with it.
       * @enum {string}
       */
      priority: "high" | "normal" | "low";
    };
    Removal: {
      /** @description The job, which is no longer known. */
      job_id: string;
      /** @description How many objects of its output were removed. */
      removed: number;
      /** @description Keys of objects that stay, because they are not what the job has published there: they are another job's. At most 1,000 are named. */
      different: string[];
      /** @description How many objects stay. */
      different_total: number;
    };
    Queue: {
      /** @description Orders that wait for a worker. */
      waiting: number;
      /** @description Orders of the waiting room that a worker is given or runs. */
      running: number;
      /** @description How long the oldest of those that wait has waited; 0 when none does. */
      oldest_seconds: number;
      /** @description Jobs that would run at a time if there were workers enough: those that run, also the ones that a worker took at once, the pieces of their films that other workers encode or could take, and those that wait, as far as max_running of the tenants allows. What a scaler divides by the jobs that one worker runs. For a tenant: its orders of the waiting room only. */
      wanted_slots: number;
      by_tenant: ({
          /** @description Whose orders; empty for those of no tenant. */
          tenant: string;
          /**
           * @description By now: what has waited long moves up.
           * @enum {string}
           */
          priority: "high" | "normal" | "low";
          /** @description Orders of this tenant that wait with this priority. */
          waiting: number;
        })[];
    };
    Accepted: {
      /** @description The job's id. */
      job_id: string;
      /** @description Orders of the same tenant and priority that wait before this one, plus 1. */
      position?: number;
      /** @description The job's state; `cancelling` in the answer to a cancel. */
      status: string;
      /**
       * Format: uri-reference
       * @description Where its events are, below this server.
       */
      stream_url: string;
    };
    Event: {
      /** @description The job's id; it names its worker. */
      job_id: string;
      /** @description Grows with each event: (attempt - 1) * 1,000,000 + n. Send the last one seen as Last-Event-ID to go on after it. */
      sequence: number;
      /**
       * @description completed, failed and cancelled are final.
       * @enum {string}
       */
      status: "queued" | "processing" | "uploading" | "completed" | "failed" | "cancelled";
      /** @description From 1; grows when the job runs again after its worker crashed or was stopped. */
      attempt: number;
      /** @description When, RFC 3339. */
      timestamp: string;
      /** @description Percent encoded, 0 to 100. Never goes back within an attempt; absent while unknown. */
      progress?: number;
      /** @description What is being done, for people. */
      message?: string;
      /** @description Frames encoded a second. */
      fps?: number;
      /** @description Seconds of video encoded a second. */
      speed?: number;
      /** @description Seconds until the encode ends, as far as can be told. */
      eta_seconds?: number;
      /** @description How far the pieces are, while the pictures of a longer film are encoded in pieces and joined; in the final event of a completed job, how they were made. */
      pieces?: {
        /** @description Pieces that are encoded, those of earlier attempts included. */
        done: number;
        /** @description Pieces that the film is encoded in. */
        total: number;
        /** @description Workers that encode pieces now, 0 while none does; in the final event those that encoded any. */
        workers: number;
      };
      /** @description Files delivered to the storage so far. */
      files_uploaded?: number;
      /** @description Files that the output consists of. */
      files_total?: number;
      /** @description Bytes delivered to the storage so far. */
      bytes_uploaded?: number;
      /**
       * Format: uri
       * @description Where a player reads the output; set when completed.
       */
      output_url?: string;
      /**
       * @description What a player finds there.
       * @enum {string}
       */
      output_type?: "single" | "hls" | "dash" | "cmaf";
      error?: {
        /**
         * @description The kind of fault, for programs.
         * @enum {string}
         */
        kind: "invalid" | "unauthenticated" | "forbidden" | "not_found" | "conflict" | "too_large" | "rate_limited" | "busy" | "unreachable" | "timeout" | "source_failed" | "encode_failed" | "delivery_failed" | "worker_lost" | "cancelled" | "internal";
        /** @description Why the job failed or was cancelled, for people. */
        message: string;
        /** @description The fields of the order that are to blame; absent where that is none of them. */
        errors?: {
            /** @description The field of the order that is to blame. */
            field: string;
            /** @description What is wrong with it, for people. */
            message: string;
          }[];
      };
      /** @description What a viewer may miss in an output that was published all the same, for people; absent when nothing. */
      warnings?: string[];
      source?: {
        /** @description The container; `joined` where several sources make one film. */
        container: string;
        /** @description From the first picture or sound to the last, in seconds. */
        duration_seconds?: number;
        /** @description Its size in bytes. */
        bytes: number;
        video?: {
          /** @description The codec as ffprobe names it. */
          codec: string;
          /** @description In pixels as shown: rotated, and with square pixels. */
          width: number;
          /** @description In pixels as shown: rotated, and with square pixels. */
          height: number;
          /** @description Pictures a second, by its packets; absent for a single picture. */
          frame_rate?: number;
          /** @description Whether its pictures come at unlike intervals. */
          variable_frame_rate: boolean;
          /** @description Bits a second on average, by its packets. */
          bit_rate?: number;
          /**
           * @description The kind of high dynamic range; absent for SDR.
           * @enum {string}
           */
          hdr?: "hdr10" | "hlg" | "pq" | "dolby_vision";
          /** @description Degrees clockwise by which players turn the picture; absent for 0. */
          rotation?: number;
          /**
           * @description Whether a picture is one moment, or two fields of two.
           * @enum {string}
           */
          scan: "progressive" | "interlaced";
        };
        /** @description Its tracks of sound, the film's own first. */
        audio: {
            /** @description The codec as ffprobe names it. */
            codec: string;
            /** @description The language as BCP 47 has it; absent where the file does not say. */
            language?: string;
            /** @description How many channels; absent where the file does not say. */
            channels?: number;
            /** @description Which channels, as ffmpeg names them; absent where the file does not say. */
            layout?: string;
            /** @description Samples a second; absent where the file does not say. */
            sample_rate?: number;
          }[];
        /** @description Its tracks of subtitles. */
        subtitles: {
            /** @description The codec as ffprobe names it. */
            codec: string;
            /** @description The language as BCP 47 has it; absent where the file does not say. */
            language?: string;
          }[];
      };
      /** @description What each of the sources is that are joined to one film, in order; absent where there is one alone. `source` tells of the film then. */
      sources?: ({
          /** @description The container; `joined` where several sources make one film. */
          container: string;
          /** @description From the first picture or sound to the last, in seconds. */
          duration_seconds?: number;
          /** @description Its size in bytes. */
          bytes: number;
          video?: {
            /** @description The codec as ffprobe names it. */
            codec: string;
            /** @description In pixels as shown: rotated, and with square pixels. */
            width: number;
            /** @description In pixels as shown: rotated, and with square pixels. */
            height: number;
            /** @description Pictures a second, by its packets; absent for a single picture. */
            frame_rate?: number;
            /** @description Whether its pictures come at unlike intervals. */
            variable_frame_rate: boolean;
            /** @description Bits a second on average, by its packets. */
            bit_rate?: number;
            /**
             * @description The kind of high dynamic range; absent for SDR.
             * @enum {string}
             */
            hdr?: "hdr10" | "hlg" | "pq" | "dolby_vision";
            /** @description Degrees clockwise by which players turn the picture; absent for 0. */
            rotation?: number;
            /**
             * @description Whether a picture is one moment, or two fields of two.
             * @enum {string}
             */
            scan: "progressive" | "interlaced";
          };
          /** @description Its tracks of sound, the film's own first. */
          audio: {
              /** @description The codec as ffprobe names it. */
              codec: string;
              /** @description The language as BCP 47 has it; absent where the file does not say. */
              language?: string;
              /** @description How many channels; absent where the file does not say. */
              channels?: number;
              /** @description Which channels, as ffmpeg names them; absent where the file does not say. */
              layout?: string;
              /** @description Samples a second; absent where the file does not say. */
              sample_rate?: number;
            }[];
          /** @description Its tracks of subtitles. */
          subtitles: {
              /** @description The codec as ffprobe names it. */
              codec: string;
              /** @description The language as BCP 47 has it; absent where the file does not say. */
              language?: string;
            }[];
        })[];
      outputs?: {
        /** @description Files that were published, a key for decryption included, without a certificate, which tells of them. */
        files: number;
        /** @description The bytes of these files. */
        bytes: number;
        /** @description How long its longest rendition plays, in seconds. */
        duration_seconds?: number;
        /** @description What a player may choose, in the order of the output; at most 100. */
        renditions: ({
            /** @description What a player opens for it, beside the output's entry: a media playlist, a file, or `<manifest>#<representation>`. */
            path: string;
            /**
             * @description What it shows; sound may lie in a video.
             * @enum {string}
             */
            kind: "video" | "audio" | "subtitles" | "image";
            /** @description What it holds as RFC 6381 names it, separated by commas; absent where that has no name. */
            codecs?: string;
            /** @description In pixels, as stored; of the WebVTT of thumbnails, that of each of its pictures. */
            width?: number;
            /** @description In pixels, as stored; of the WebVTT of thumbnails, that of each of its pictures. */
            height?: number;
            /** @description Pictures a second. */
            frame_rate?: number;
            /**
             * @description The kind of high dynamic range of its pictures; absent for SDR.
             * @enum {string}
             */
            hdr?: "hdr10" | "hlg" | "pq" | "dolby_vision";
            /** @description The language as BCP 47 has it. */
            language?: string;
            /** @description How long it plays, in seconds. */
            duration_seconds?: number;
            /** @description All of its media in bytes, an init segment included. */
            bytes: number;
            /** @description Bits a second over its whole length. */
            average_bit_rate?: number;
            /** @description The largest bits a second: of segments, over any run that lasts 0.5 to 1.5 target durations (RFC 8216, 4.1); of a file, over any second of its clock. */
            peak_bit_rate?: number;
            /** @description How many segments; absent for a file. */
            segments?: number;
            /** @description Bits a second from its beginning to its end, each over an equal part of it; at most 100. Left out of lists. */
            bit_rates?: number[];
          })[];
      };
      quality?: {
        /**
         * @description What the scores are: VMAF (0 to 100) or SSIM (up to 1).
         * @enum {string}
         */
        metric: "vmaf" | "ssim";
        /** @description The mean VMAF that was aimed at; absent when none was. */
        target?: number;
        /**
         * @description What `target` is a score of, whatever `metric` is; absent without a target, and in jobs of former versions, whose targets are VMAF as well.
         * @enum {string}
         */
        target_metric?: "vmaf";
        /** @description Whether the best rendition has it, or more: by the whole film where that was measured by VMAF (at most 1 less), else by a sample of it (at most 0.5 less). Absent where neither could be scored; `reason` says why. */
        reached?: boolean;
        /** @description Why the CRFs and renditions are as they are, in sentences for people. */
        reason?: string;
        /** @description Each rendition with pictures, in the order of the output; at most 100. */
        renditions: {
            /** @description The rendition, as `outputs` names it. */
            path: string;
            /** @description The CRF that it was encoded with, where a quality or a ladder was aimed at. */
            crf?: number;
            /** @description The mean of the scores of all pictures; this and what follows is absent unless measured. */
            mean?: number;
            /** @description Their harmonic mean as libvmaf makes it: n / (sum of 1 / (score + 1)) - 1. */
            harmonic_mean?: number;
            /** @description The score that 1 of 100 pictures does not exceed. */
            p1?: number;
            /** @description The score that 5 of 100 pictures do not exceed. */
            p5?: number;
            /** @description The two seconds whose mean is the lowest. */
            worst?: {
              /** @description When they begin, in seconds. */
              start_seconds: number;
              /** @description 2 seconds, or all of a shorter film. */
              duration_seconds: number;
              /** @description The mean of the scores of their pictures. */
              mean: number;
            };
            /** @description Means over time, each of an equal part of the pictures; at most 100. Absent in lists. */
            scores?: number[];
          }[];
      };
      receipt?: {
        /** @description Seconds that the worker spent on it, in all attempts. */
        worker_seconds: number;
        /** @description CPU seconds of ffmpeg and ffprobe. */
        cpu_seconds: number;
        /** @description The most memory that an ffmpeg had, in bytes. */
        peak_memory: number;
        /** @description Bytes of source fetched. */
        bytes_in: number;
        /** @description Bytes of output sent to the storage. */
        bytes_out: number;
        /** @description Requests to the output's storage, repeated ones included: calls of S3, commands of FTP, operations on a local disk. */
        storage_requests: number;
        /** @description Seconds that the order waited for the worker's machine to start; 0 when it was less than one, as with a worker that only had to be connected to. */
        cold_start_seconds: number;
        /** @description How often it was begun. */
        attempts: number;
        /** @description Seconds that encoding took. */
        encode_seconds: number;
        /** @description Seconds of media encoded; by encode_seconds, the realtime factor. */
        media_seconds: number;
        /** @description Seconds that fetching the source took. */
        source_seconds: number;
        /** @description Seconds in which something was being uploaded. */
        upload_seconds: number;
        /** @description Those of cpu_seconds that measuring the output's quality took; absent when it was not measured. */
        measure_cpu_seconds?: number;
        /** @description Those of cpu_seconds that finding its CRFs and renditions took; absent when none were looked for. */
        aim_cpu_seconds?: number;
        /** @description Its share of the worker's time at PRICE_PER_WORKER_HOUR, in the currency of that price. */
        cost?: number;
      };
      /** @description The trace that the job belongs to, when it is traced. */
      trace_id?: string;
      /** @description Orders of the same tenant and priority that are ahead, plus 1; only while the job waits for a worker. */
      position?: number;
      /**
       * Format: uri-reference
       * @description Where the signed certificate of what was made is, below this server; only of a completed job whose worker has a SIGNING_KEY.
       */
      certificate_url?: string;
      /** @description When a worker took the job, RFC 3339; only of jobs that waited for one. */
      accepted_at?: string;
    };
    Job: {
      /** @description The job's id; it names its worker. */
      job_id: string;
      /** @description Grows with each event: (attempt - 1) * 1,000,000 + n. Send the last one seen as Last-Event-ID to go on after it. */
      sequence: number;
      /**
       * @description completed, failed and cancelled are final.
       * @enum {string}
       */
      status: "queued" | "processing" | "uploading" | "completed" | "failed" | "cancelled";
      /** @description From 1; grows when the job runs again after its worker crashed or was stopped. */
      attempt: number;
      /** @description When, RFC 3339. */
      timestamp: string;
      /** @description Percent encoded, 0 to 100. Never goes back within an attempt; absent while unknown. */
      progress?: number;
      /** @description What is being done, for people. */
      message?: string;
      /** @description Frames encoded a second. */
      fps?: number;
      /** @description Seconds of video encoded a second. */
      speed?: number;
      /** @description Seconds until the encode ends, as far as can be told. */
      eta_seconds?: number;
      /** @description How far the pieces are, while the pictures of a longer film are encoded in pieces and joined; in the final event of a completed job, how they were made. */
      pieces?: {
        /** @description Pieces that are encoded, those of earlier attempts included. */
        done: number;
        /** @description Pieces that the film is encoded in. */
        total: number;
        /** @description Workers that encode pieces now, 0 while none does; in the final event those that encoded any. */
        workers: number;
      };
      /** @description Files delivered to the storage so far. */
      files_uploaded?: number;
      /** @description Files that the output consists of. */
      files_total?: number;
      /** @description Bytes delivered to the storage so far. */
      bytes_uploaded?: number;
      /**
       * Format: uri
       * @description Where a player reads the output; set when completed.
       */
      output_url?: string;
      /**
       * @description What a player finds there.
       * @enum {string}
       */
      output_type?: "single" | "hls" | "dash" | "cmaf";
      error?: {
        /**
         * @description The kind of fault, for programs.
         * @enum {string}
         */
        kind: "invalid" | "unauthenticated" | "forbidden" | "not_found" | "conflict" | "too_large" | "rate_limited" | "busy" | "unreachable" | "timeout" | "source_failed" | "encode_failed" | "delivery_failed" | "worker_lost" | "cancelled" | "internal";
        /** @description Why the job failed or was cancelled, for people. */
        message: string;
        /** @description The fields of the order that are to blame; absent where that is none of them. */
        errors?: {
            /** @description The field of the order that is to blame. */
            field: string;
            /** @description What is wrong with it, for people. */
            message: string;
          }[];
      };
      /** @description What a viewer may miss in an output that was published all the same, for people; absent when nothing. */
      warnings?: string[];
      source?: {
        /** @description The container; `joined` where several sources make one film. */
        container: string;
        /** @description From the first picture or sound to the last, in seconds. */
        duration_seconds?: number;
        /** @description Its size in bytes. */
        bytes: number;
        video?: {
          /** @description The codec as ffprobe names it. */
          codec: string;
          /** @description In pixels as shown: rotated, and with square pixels. */
          width: number;
          /** @description In pixels as shown: rotated, and with square pixels. */
          height: number;
          /** @description Pictures a second, by its packets; absent for a single picture. */
          frame_rate?: number;
          /** @description Whether its pictures come at unlike intervals. */
          variable_frame_rate: boolean;
          /** @description Bits a second on average, by its packets. */
          bit_rate?: number;
          /**
           * @description The kind of high dynamic range; absent for SDR.
           * @enum {string}
           */
          hdr?: "hdr10" | "hlg" | "pq" | "dolby_vision";
          /** @description Degrees clockwise by which players turn the picture; absent for 0. */
          rotation?: number;
          /**
           * @description Whether a picture is one moment, or two fields of two.
           * @enum {string}
           */
          scan: "progressive" | "interlaced";
        };
        /** @description Its tracks of sound, the film's own first. */
        audio: {
            /** @description The codec as ffprobe names it. */
            codec: string;
            /** @description The language as BCP 47 has it; absent where the file does not say. */
            language?: string;
            /** @description How many channels; absent where the file does not say. */
            channels?: number;
            /** @description Which channels, as ffmpeg names them; absent where the file does not say. */
            layout?: string;
            /** @description Samples a second; absent where the file does not say. */
            sample_rate?: number;
          }[];
        /** @description Its tracks of subtitles. */
        subtitles: {
            /** @description The codec as ffprobe names it. */
            codec: string;
            /** @description The language as BCP 47 has it; absent where the file does not say. */
            language?: string;
          }[];
      };
      /** @description What each of the sources is that are joined to one film, in order; absent where there is one alone. `source` tells of the film then. */
      sources?: ({
          /** @description The container; `joined` where several sources make one film. */
          container: string;
          /** @description From the first picture or sound to the last, in seconds. */
          duration_seconds?: number;
          /** @description Its size in bytes. */
          bytes: number;
          video?: {
            /** @description The codec as ffprobe names it. */
            codec: string;
            /** @description In pixels as shown: rotated, and with square pixels. */
            width: number;
            /** @description In pixels as shown: rotated, and with square pixels. */
            height: number;
            /** @description Pictures a second, by its packets; absent for a single picture. */
            frame_rate?: number;
            /** @description Whether its pictures come at unlike intervals. */
            variable_frame_rate: boolean;
            /** @description Bits a second on average, by its packets. */
            bit_rate?: number;
            /**
             * @description The kind of high dynamic range; absent for SDR.
             * @enum {string}
             */
            hdr?: "hdr10" | "hlg" | "pq" | "dolby_vision";
            /** @description Degrees clockwise by which players turn the picture; absent for 0. */
            rotation?: number;
            /**
             * @description Whether a picture is one moment, or two fields of two.
             * @enum {string}
             */
            scan: "progressive" | "interlaced";
          };
          /** @description Its tracks of sound, the film's own first. */
          audio: {
              /** @description The codec as ffprobe names it. */
              codec: string;
              /** @description The language as BCP 47 has it; absent where the file does not say. */
              language?: string;
              /** @description How many channels; absent where the file does not say. */
              channels?: number;
              /** @description Which channels, as ffmpeg names them; absent where the file does not say. */
              layout?: string;
              /** @description Samples a second; absent where the file does not say. */
              sample_rate?: number;
            }[];
          /** @description Its tracks of subtitles. */
          subtitles: {
              /** @description The codec as ffprobe names it. */
              codec: string;
              /** @description The language as BCP 47 has it; absent where the file does not say. */
              language?: string;
            }[];
        })[];
      outputs?: {
        /** @description Files that were published, a key for decryption included, without a certificate, which tells of them. */
        files: number;
        /** @description The bytes of these files. */
        bytes: number;
        /** @description How long its longest rendition plays, in seconds. */
        duration_seconds?: number;
        /** @description What a player may choose, in the order of the output; at most 100. */
        renditions: ({
            /** @description What a player opens for it, beside the output's entry: a media playlist, a file, or `<manifest>#<representation>`. */
            path: string;
            /**
             * @description What it shows; sound may lie in a video.
             * @enum {string}
             */
            kind: "video" | "audio" | "subtitles" | "image";
            /** @description What it holds as RFC 6381 names it, separated by commas; absent where that has no name. */
            codecs?: string;
            /** @description In pixels, as stored; of the WebVTT of thumbnails, that of each of its pictures. */
            width?: number;
            /** @description In pixels, as stored; of the WebVTT of thumbnails, that of each of its pictures. */
            height?: number;
            /** @description Pictures a second. */
            frame_rate?: number;
            /**
             * @description The kind of high dynamic range of its pictures; absent for SDR.
             * @enum {string}
             */
            hdr?: "hdr10" | "hlg" | "pq" | "dolby_vision";
            /** @description The language as BCP 47 has it. */
            language?: string;
            /** @description How long it plays, in seconds. */
            duration_seconds?: number;
            /** @description All of its media in bytes, an init segment included. */
            bytes: number;
            /** @description Bits a second over its whole length. */
            average_bit_rate?: number;
            /** @description The largest bits a second: of segments, over any run that lasts 0.5 to 1.5 target durations (RFC 8216, 4.1); of a file, over any second of its clock. */
            peak_bit_rate?: number;
            /** @description How many segments; absent for a file. */
            segments?: number;
            /** @description Bits a second from its beginning to its end, each over an equal part of it; at most 100. Left out of lists. */
            bit_rates?: number[];
          })[];
      };
      quality?: {
        /**
         * @description What the scores are: VMAF (0 to 100) or SSIM (up to 1).
         * @enum {string}
         */
        metric: "vmaf" | "ssim";
        /** @description The mean VMAF that was aimed at; absent when none was. */
        target?: number;
        /**
         * @description What `target` is a score of, whatever `metric` is; absent without a target, and in jobs of former versions, whose targets are VMAF as well.
         * @enum {string}
         */
        target_metric?: "vmaf";
        /** @description Whether the best rendition has it, or more: by the whole film where that was measured by VMAF (at most 1 less), else by a sample of it (at most 0.5 less). Absent where neither could be scored; `reason` says why. */
        reached?: boolean;
        /** @description Why the CRFs and renditions are as they are, in sentences for people. */
        reason?: string;
        /** @description Each rendition with pictures, in the order of the output; at most 100. */
        renditions: {
            /** @description The rendition, as `outputs` names it. */
            path: string;
            /** @description The CRF that it was encoded with, where a quality or a ladder was aimed at. */
            crf?: number;
            /** @description The mean of the scores of all pictures; this and what follows is absent unless measured. */
            mean?: number;
            /** @description Their harmonic mean as libvmaf makes it: n / (sum of 1 / (score + 1)) - 1. */
            harmonic_mean?: number;
            /** @description The score that 1 of 100 pictures does not exceed. */
            p1?: number;
            /** @description The score that 5 of 100 pictures do not exceed. */
            p5?: number;
            /** @description The two seconds whose mean is the lowest. */
            worst?: {
              /** @description When they begin, in seconds. */
              start_seconds: number;
              /** @description 2 seconds, or all of a shorter film. */
              duration_seconds: number;
              /** @description The mean of the scores of their pictures. */
              mean: number;
            };
            /** @description Means over time, each of an equal part of the pictures; at most 100. Absent in lists. */
            scores?: number[];
          }[];
      };
      receipt?: {
        /** @description Seconds that the worker spent on it, in all attempts. */
        worker_seconds: number;
        /** @description CPU seconds of ffmpeg and ffprobe. */
        cpu_seconds: number;
        /** @description The most memory that an ffmpeg had, in bytes. */
        peak_memory: number;
        /** @description Bytes of source fetched. */
        bytes_in: number;
        /** @description Bytes of output sent to the storage. */
        bytes_out: number;
        /** @description Requests to the output's storage, repeated ones included: calls of S3, commands of FTP, operations on a local disk. */
        storage_requests: number;
        /** @description Seconds that the order waited for the worker's machine to start; 0 when it was less than one, as with a worker that only had to be connected to. */
        cold_start_seconds: number;
        /** @description How often it was begun. */
        attempts: number;
        /** @description Seconds that encoding took. */
        encode_seconds: number;
        /** @description Seconds of media encoded; by encode_seconds, the realtime factor. */
        media_seconds: number;
        /** @description Seconds that fetching the source took. */
        source_seconds: number;
        /** @description Seconds in which something was being uploaded. */
        upload_seconds: number;
        /** @description Those of cpu_seconds that measuring the output's quality took; absent when it was not measured. */
        measure_cpu_seconds?: number;
        /** @description Those of cpu_seconds that finding its CRFs and renditions took; absent when none were looked for. */
        aim_cpu_seconds?: number;
        /** @description Its share of the worker's time at PRICE_PER_WORKER_HOUR, in the currency of that price. */
        cost?: number;
      };
      /** @description The trace that the job belongs to, when it is traced. */
      trace_id?: string;
      /** @description Orders of the same tenant and priority that are ahead, plus 1; only while the job waits for a worker. */
      position?: number;
      /**
       * Format: uri-reference
       * @description Where the signed certificate of what was made is, below this server; only of a completed job whose worker has a SIGNING_KEY.
       */
      certificate_url?: string;
      /** @description When a worker took the job, RFC 3339; only of jobs that waited for one. */
      accepted_at?: string;
      order?: {
        /**
         * Format: uri
         * @description Where the source is, without user info, query and fragment; empty where several are joined.
         */
        input_url: string;
        /** @description The preset that was asked for. */
        preset: string;
        output?: {
          /** @description The storage that was asked for. */
          storage?: string;
          /** @description The key that was asked for. */
          path?: string;
          /** @description What was to be kept with it. */
          metadata?: {
            [key: string]: string;
          };
        };
        /** @description The quality that was asked for. */
        quality?: {
          /** @description The mean VMAF of the best rendition against the source, from 30 to 97. */
          vmaf: number;
        };
        /** @description What of the preset's settings was changed. */
        params?: {
          /** @description The quality by the scale of the preset's codec: lower is better and larger. Of a ladder that of its largest rendition; the others keep their distance from it. */
          crf?: number;
          /** @description The average bit rate of the picture, in place of a quality: the encoder spends it whatever the film needs, in one pass. Of a ladder that of its largest rendition; the others keep their proportion to it. */
          bitrate?: string;
          /** @description The maximum bit rate of the picture over the decoder's buffer, which changes in proportion. Of a ladder as bitrate. Default: the preset's; with bitrate one and a half times that. */
          maxrate?: string;
          /** @description The short side of the picture in pixels; no source is made larger. Of a ladder the largest that it may have: larger renditions are left out. Bit rates change with it, by the power of 0.75 of the area. */
          size?: number;
          /** @description Pictures a second, from 10 to 60: a number, a fraction such as "30000/1001", or "<=30" for at most so many. Default: that of the source, at most 60. */
          frame_rate?: number | string;
          /**
           * @description The trade of encoding time for quality, by the names of x264, from ultrafast to veryslow.
           * @enum {string}
           */
          speed?: "ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium" | "slow" | "slower" | "veryslow";
          /** @description The bit rate of each sound. */
          audio_bitrate?: string;
          /** @description The integrated loudness of each sound in LUFS (EBU R128): the sounds are read and measured before they are encoded. */
          loudness?: number;
          /** @description The length of segments in seconds, a multiple of gop_seconds. */
          segment_seconds?: number;
          /** @description From one keyframe to the next in segments, in seconds. */
          gop_seconds?: number;
        };
        /** @description The part of the source that was asked for; absent: all of it. */
        clip?: {
          /** @description Where it begins, in seconds. */
          start: number;
          /** @description Where it ends, in seconds; absent: where the source ends. */
          end?: number;
        };
        /** @description The sources that are joined to one film, in order; URLs without user info, query and fragment. */
        inputs?: {
            /** @description Where this source is. */
            url: string;
            /** @description The part of this source that is taken, as clip of an order. Default: all of it. */
            clip?: {
              /** @description Where it begins, in seconds. */
              start: number;
              /** @description Where it ends, in seconds; absent: where the source ends. */
              end?: number;
            };
          }[];
        /** @description The part of the picture that is kept, in pixels of the picture as a player shows the source: upright, after rotate, with square pixels. What reaches outside fails the job. Odd numbers are rounded to even ones. Default: all of it. */
        crop?: {
          /** @description How far its left edge is from that of the picture, in pixels. */
          x: number;
          /** @description How far its upper edge is from that of the picture, in pixels. */
          y: number;
          /** @description Its width in pixels, at least 16. */
          width: number;
          /** @description Its height in pixels, at least 16. */
          height: number;
        };
        /**
         * @description How the picture fills a frame of width and height: contain shows all of it between bars, cover fills the frame and cuts off what is over, stretch changes its shape. Needs width and height. Default: contain.
         * @enum {string}
         */
        fit?: "contain" | "cover" | "stretch";
        /** @description The width of the output in pixels, an even number from 16 to 4096; of several renditions that of the largest, and the others have its shape. Without height, that follows the picture's shape. Both together have at most 9437184 pixels. Default: by the preset's size. */
        width?: number;
        /** @description The height of the output in pixels, as width. */
        height?: number;
        /** @description The colour of the bars that fit contain leaves: #rrggbb, or one of the sixteen names of colours of HTML 4. Default: black. */
        background?: string;
        /**
         * @description By how many degrees the picture is turned clockwise, after it was turned as the source itself says: 0, 90, 180 or 270. Default: 0.
         * @enum {number}
         */
        rotate?: 0 | 90 | 180 | 270;
        /**
         * @description Makes whole pictures of two fields: auto where the source says that it is interlaced, on always, off never. Default: auto.
         * @enum {string}
         */
        deinterlace?: "auto" | "on" | "off";
        /**
         * @description Takes noise out of the picture before it is encoded. Default: off.
         * @enum {string}
         */
        denoise?: "off" | "light" | "medium" | "strong";
        /** @description The pictures beside the film that were asked for. */
        thumbnails?: {
          /** @description A JPEG of each of these moments of what is made: seconds, or hh:mm:ss.mmm; at most 50, the earlier ones first. Beyond the end stands the last picture. */
          times?: (number | string)[];
          /** @description The short side of these in pixels; no source is made larger. Default: 720. */
          size?: number;
          /** @description Sheets of small pictures and a WebVTT for the seek bar. */
          sprite?: {
            /** @description The width of a picture in pixels. */
            width: number;
            /** @description The distance between pictures, in seconds. */
            every_seconds: number;
            /**
             * @description How many pictures lie side by side on a sheet. Default: 10.
             * @default 10
             */
            columns?: number;
            /**
             * @description How many rows a sheet has; fewer where it would have more than 67 million pixels. Default: 10.
             * @default 10
             */
            rows?: number;
          };
          /** @description A few moments without sound, to show when pointed at. */
          preview?: {
            /** @description The short side in pixels. */
            size: number;
            /** @description Its length, in seconds. */
            seconds: number;
            /**
             * @description How many moments, spread over the film, it shows. Default: 4.
             * @default 4
             */
            moments?: number;
            /**
             * @description Pictures a second. Default: 10.
             * @default 10
             */
            rate?: number;
            /**
             * @description An animated WebP, or mp4. Default: webp.
             * @default webp
             * @enum {string}
             */
            format?: "webp" | "mp4";
          };
          /** @description One picture that is typical of the film. */
          poster?: {
            /** @description The short side in pixels. */
            size: number;
          };
        };
        /** @description What is laid over the picture; URLs without user info, query and fragment. */
        overlay?: ({
            /** @description Where its picture is: PNG, WebP or GIF. */
            url: string;
            /**
             * @description Where it lies in the picture. Default: bottom_right.
             * @enum {string}
             */
            position?: "top_left" | "top" | "top_right" | "left" | "center" | "right" | "bottom_left" | "bottom" | "bottom_right";
            /** @description Its width: pixels of the largest rendition, or a share of the picture's width such as "12.5%". Its shape is kept. Default: "12%". */
            width?: number | string;
            /** @description How far it is from the edges that it lies at, as width. Default: "2%". */
            margin?: number | string;
            /** @description How much of it covers the picture, from 0.01 to 1. Default: 1. */
            opacity?: number;
            /** @description When it is shown from, in seconds. Default: the beginning. */
            start?: number;
            /** @description When it is shown until, in seconds. Default: the end. */
            end?: number;
          })[];
        /** @description The subtitles that were asked for; URLs without user info, query and fragment. */
        subtitles?: ({
            /** @description Where their file is: SubRip, WebVTT or ASS. */
            url?: string;
            /** @description Which track of the source: the number of its stream, as ffprobe counts all streams from 0, or a language, whose first track is taken. Either this or url. */
            track?: number | string;
            /** @description The language as players are told it: BCP 47, or ISO 639. Default: what the source says of a track, else none. */
            language?: string;
            /** @description What a viewer chooses them by, at most 64 characters. Default: what the source calls a track, else the language's name. */
            name?: string;
            /**
             * @description render: a rendition of WebVTT, in segmented outputs. embed: a track in the file, of single outputs. burn: drawn into the picture, for every viewer. Default: render for segmented outputs, embed for single ones.
             * @enum {string}
             */
            mode?: "render" | "embed" | "burn";
            /** @description Whether they are shown also to who wants none, such as what signs say. Default: what the source says of a track, else false. */
            forced?: boolean;
            /** @description Whether players show them unless the viewer chooses otherwise; one at most. Default: false. */
            default?: boolean;
          })[];
        /** @description The sounds and channels that were asked for. */
        audio?: {
          /** @description The sounds of the source that are taken, in this order, the first one as the default: a number counts the source's sounds from 0 in the file's order, a language such as "de" or "ger" stands for the film's own sound in it. At most 8. Default: the default sound of the source for a file, all for segments. */
          tracks?: (number | string)[];
          /**
           * @description The channels of the sound: stereo, mono, or source, which keeps surround as 5.1; segments have it beside stereo, as AAC and as E-AC-3. No sound gets more than the source has. Default: the preset's, which is stereo where it does not say.
           * @enum {string}
           */
          channels?: "stereo" | "mono" | "source";
        };
        /** @description How many workers may encode the film at a time; absent: one. */
        workers?: number;
        /** @description Whose job this is. */
        tenant?: string;
        /** @description The ended job that this one repeats. */
        retry_of?: string;
      };
    };
    JobPage: {
      jobs: components["schemas"]["Job"][];
      /** @description Send it as `cursor` for the next page; absent on the last. */
      next_cursor?: string;
      incomplete?: {
          /** @description What is missing: `records`, `waiting room`, or a worker. */
          part: string;
          /** @description Why; it names what did not answer. */
          reason: string;
        }[];
    };
    PlanOrder: {
      /**
       * Format: uri
       * @description Where the source is: http or https unless the service allows more, or upload: and the id of a finished upload; at most 8192 characters.
       */
      input_url?: string;
      /** @description The sources that are joined to one film, in this order, instead of input_url: from 2 to 50. Size, frame rate, sound and colour are those of the first, or the preset's. Needs a preset of its own settings; not beside clip, or workers above 1. */
      inputs?: ({
          /**
           * Format: uri
           * @description Where this source is, as input_url.
           */
          url: string;
          /** @description The part of this source that is taken, as clip of an order. Default: all of it. */
          clip?: {
            start: number | string;
            end?: number | string;
          };
        })[];
      /** @description The name of a preset, as GET /api/v1/presets lists them; 1 to 64 characters. */
      preset?: string;
      /** @description As params of an order; a preset that does not take them says so. */
      params?: {
        /** @description The quality by the scale of the preset's codec: lower is better and larger. Of a ladder that of its largest rendition; the others keep their distance from it. */
        crf?: number;
        /** @description The average bit rate of the picture, in place of a quality: the encoder spends it whatever the film needs, in one pass. Of a ladder that of its largest rendition; the others keep their proportion to it. */
        bitrate?: string;
        /** @description The maximum bit rate of the picture over the decoder's buffer, which changes in proportion. Of a ladder as bitrate. Default: the preset's; with bitrate one and a half times that. */
        maxrate?: string;
        /** @description The short side of the picture in pixels; no source is made larger. Of a ladder the largest that it may have: larger renditions are left out. Bit rates change with it, by the power of 0.75 of the area. */
        size?: number;
        /** @description Pictures a second, from 10 to 60: a number, a fraction such as "30000/1001", or "<=30" for at most so many. Default: that of the source, at most 60. */
        frame_rate?: number | string;
        /**
         * @description The trade of encoding time for quality, by the names of x264, from ultrafast to veryslow.
         * @enum {string}
         */
        speed?: "ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium" | "slow" | "slower" | "veryslow";
        /** @description The bit rate of each sound. */
        audio_bitrate?: string;
        /** @description The integrated loudness of each sound in LUFS (EBU R128): the sounds are read and measured before they are encoded. */
        loudness?: number;
        /** @description The length of segments in seconds, a multiple of gop_seconds. */
        segment_seconds?: number;
        /** @description From one keyframe to the next in segments, in seconds. */
        gop_seconds?: number;
      };
      /** @description The part of the source that would be encoded, as clip of an order. */
      clip?: {
        start: number | string;
        end?: number | string;
      };
      /** @description The part of the picture that is kept, in pixels of the picture as a player shows the source: upright, after rotate, with square pixels. What reaches outside fails the job. Odd numbers are rounded to even ones. Default: all of it. */
      crop?: {
        /** @description How far its left edge is from that of the picture, in pixels. */
        x: number;
        /** @description How far its upper edge is from that of the picture, in pixels. */
        y: number;
        /** @description Its width in pixels, at least 16. */
        width: number;
        /** @description Its height in pixels, at least 16. */
        height: number;
      };
      /**
       * @description How the picture fills a frame of width and height: contain shows all of it between bars, cover fills the frame and cuts off what is over, stretch changes its shape. Needs width and height. Default: contain.
       * @enum {string}
       */
      fit?: "contain" | "cover" | "stretch";
      /** @description The width of the output in pixels, an even number from 16 to 4096; of several renditions that of the largest, and the others have its shape. Without height, that follows the picture's shape. Both together have at most 9437184 pixels. Default: by the preset's size. */
      width?: number;
      /** @description The height of the output in pixels, as width. */
      height?: number;
      /** @description The colour of the bars that fit contain leaves: #rrggbb, or one of the sixteen names of colours of HTML 4. Default: black. */
      background?: string;
      /**
       * @description By how many degrees the picture is turned clockwise, after it was turned as the source itself says: 0, 90, 180 or 270. Default: 0.
       * @enum {number}
       */
      rotate?: 0 | 90 | 180 | 270;
      /**
       * @description Makes whole pictures of two fields: auto where the source says that it is interlaced, on always, off never. Default: auto.
       * @enum {string}
       */
      deinterlace?: "auto" | "on" | "off";
      /**
       * @description Takes noise out of the picture before it is encoded. Default: off.
       * @enum {string}
       */
      denoise?: "off" | "light" | "medium" | "strong";
      /** @description Pictures that are laid over the film, such as a watermark, the lowest first; at most 4. */
      overlay?: ({
          /**
           * Format: uri
           * @description Where the picture is, as input_url: a PNG, a WebP or a GIF of at most 20 MiB. One that is animated plays.
           */
          url: string;
          /**
           * @description Where it lies in the picture. Default: bottom_right.
           * @enum {string}
           */
          position?: "top_left" | "top" | "top_right" | "left" | "center" | "right" | "bottom_left" | "bottom" | "bottom_right";
          /** @description Its width: pixels of the largest rendition, or a share of the picture's width such as "12.5%". Its shape is kept. Default: "12%". */
          width?: number | string;
          /** @description How far it is from the edges that it lies at, as width. Default: "2%". */
          margin?: number | string;
          /** @description How much of it covers the picture, from 0.01 to 1. Default: 1. */
          opacity?: number;
          /** @description When it is shown from, in seconds. Default: the beginning. */
          start?: number;
          /** @description When it is shown until, in seconds. Default: the end. */
          end?: number;
        })[];
      /** @description As thumbnails of an order. */
      thumbnails?: {
        /** @description A JPEG of each of these moments of what is made: seconds, or hh:mm:ss.mmm; at most 50, the earlier ones first. Beyond the end stands the last picture. */
        times?: (number | string)[];
        /** @description The short side of these in pixels; no source is made larger. Default: 720. */
        size?: number;
        /** @description Sheets of small pictures and a WebVTT for the seek bar. */
        sprite?: {
          /** @description The width of a picture in pixels. */
          width: number;
          /** @description The distance between pictures, in seconds. */
          every_seconds: number;
          /**
           * @description How many pictures lie side by side on a sheet. Default: 10.
           * @default 10
           */
          columns?: number;
          /**
           * @description How many rows a sheet has; fewer where it would have more than 67 million pixels. Default: 10.
           * @default 10
           */
          rows?: number;
        };
        /** @description A few moments without sound, to show when pointed at. */
        preview?: {
          /** @description The short side in pixels. */
          size: number;
          /** @description Its length, in seconds. */
          seconds: number;
          /**
           * @description How many moments, spread over the film, it shows. Default: 4.
           * @default 4
           */
          moments?: number;
          /**
           * @description Pictures a second. Default: 10.
           * @default 10
           */
          rate?: number;
          /**
           * @description An animated WebP, or mp4. Default: webp.
           * @default webp
           * @enum {string}
           */
          format?: "webp" | "mp4";
        };
        /** @description One picture that is typical of the film. */
        poster?: {
          /** @description The short side in pixels. */
          size: number;
        };
      };
      /** @description As audio of an order. */
      audio?: {
        /** @description The sounds of the source that are taken, in this order, the first one as the default: a number counts the source's sounds from 0 in the file's order, a language such as "de" or "ger" stands for the film's own sound in it. At most 8. Default: the default sound of the source for a file, all for segments. */
        tracks?: (number | string)[];
        /**
         * @description The channels of the sound: stereo, mono, or source, which keeps surround as 5.1; segments have it beside stereo, as AAC and as E-AC-3. No sound gets more than the source has. Default: the preset's, which is stereo where it does not say.
         * @enum {string}
         */
        channels?: "stereo" | "mono" | "source";
      };
    };
    Plan: {
      source?: {
        /** @description The container; `joined` where several sources make one film. */
        container: string;
        /** @description From the first picture or sound to the last, in seconds. */
        duration_seconds?: number;
        /** @description Its size in bytes. */
        bytes: number;
        video?: {
          /** @description The codec as ffprobe names it. */
          codec: string;
          /** @description In pixels as shown: rotated, and with square pixels. */
          width: number;
          /** @description In pixels as shown: rotated, and with square pixels. */
          height: number;
          /** @description Pictures a second, by its packets; absent for a single picture. */
          frame_rate?: number;
          /** @description Whether its pictures come at unlike intervals. */
          variable_frame_rate: boolean;
          /** @description Bits a second on average, by its packets. */
          bit_rate?: number;
          /**
           * @description The kind of high dynamic range; absent for SDR.
           * @enum {string}
           */
          hdr?: "hdr10" | "hlg" | "pq" | "dolby_vision";
          /** @description Degrees clockwise by which players turn the picture; absent for 0. */
          rotation?: number;
          /**
           * @description Whether a picture is one moment, or two fields of two.
           * @enum {string}
           */
          scan: "progressive" | "interlaced";
        };
        /** @description Its tracks of sound, the film's own first. */
        audio: {
            /** @description The codec as ffprobe names it. */
            codec: string;
            /** @description The language as BCP 47 has it; absent where the file does not say. */
            language?: string;
            /** @description How many channels; absent where the file does not say. */
            channels?: number;
            /** @description Which channels, as ffmpeg names them; absent where the file does not say. */
            layout?: string;
            /** @description Samples a second; absent where the file does not say. */
            sample_rate?: number;
          }[];
        /** @description Its tracks of subtitles. */
        subtitles: {
            /** @description The codec as ffprobe names it. */
            codec: string;
            /** @description The language as BCP 47 has it; absent where the file does not say. */
            language?: string;
          }[];
      };
      /** @description What each of the sources is that are joined to one film, in order; absent where there is one alone. `source` tells of the film then. */
      sources?: ({
          /** @description The container; `joined` where several sources make one film. */
          container: string;
          /** @description From the first picture or sound to the last, in seconds. */
          duration_seconds?: number;
          /** @description Its size in bytes. */
          bytes: number;
          video?: {
            /** @description The codec as ffprobe names it. */
            codec: string;
            /** @description In pixels as shown: rotated, and with square pixels. */
            width: number;
            /** @description In pixels as shown: rotated, and with square pixels. */
            height: number;
            /** @description Pictures a second, by its packets; absent for a single picture. */
            frame_rate?: number;
            /** @description Whether its pictures come at unlike intervals. */
            variable_frame_rate: boolean;
            /** @description Bits a second on average, by its packets. */
            bit_rate?: number;
            /**
             * @description The kind of high dynamic range; absent for SDR.
             * @enum {string}
             */
            hdr?: "hdr10" | "hlg" | "pq" | "dolby_vision";
            /** @description Degrees clockwise by which players turn the picture; absent for 0. */
            rotation?: number;
            /**
             * @description Whether a picture is one moment, or two fields of two.
             * @enum {string}
             */
            scan: "progressive" | "interlaced";
          };
          /** @description Its tracks of sound, the film's own first. */
          audio: {
              /** @description The codec as ffprobe names it. */
              codec: string;
              /** @description The language as BCP 47 has it; absent where the file does not say. */
              language?: string;
              /** @description How many channels; absent where the file does not say. */
              channels?: number;
              /** @description Which channels, as ffmpeg names them; absent where the file does not say. */
              layout?: string;
              /** @description Samples a second; absent where the file does not say. */
              sample_rate?: number;
            }[];
          /** @description Its tracks of subtitles. */
          subtitles: {
              /** @description The codec as ffprobe names it. */
              codec: string;
              /** @description The language as BCP 47 has it; absent where the file does not say. */
              language?: string;
            }[];
        })[];
      /** @description The part of the source that would be encoded, to the picture and with its end; absent where no clip was asked for. */
      clip?: {
        /** @description Where it begins, in seconds. */
        start: number;
        /** @description Where it ends, in seconds; absent: where the source ends. */
        end?: number;
      };
      /** @description What each preset would make, or the one that was asked for. */
      presets: ({
          /** @description Its name. */
          preset: string;
          /** @description single, hls, dash or cmaf. */
          output_type: string;
          /** @description What a player could choose, the best picture first. Empty for a preset of your own arguments, whose output is not known before, and for one that refuses the source. */
          renditions: {
              /** @description Its media playlist, its representation as `<manifest>#<id>`, or its file, which a job calls after its output.path. */
              name: string;
              /** @description video, audio, subtitles or image. */
              kind: string;
              /** @description As ffprobe names it. */
              codec: string;
              /** @description In pixels. */
              width?: number;
              /** @description In pixels. */
              height?: number;
              /** @description Pictures a second. */
              frame_rate?: number;
              /** @description hdr10 or hlg: the kind of high dynamic range; absent for SDR. */
              hdr?: string;
              /** @description The preset's `maxrate` in bits a second: what the encoder keeps to on average over its buffer (`bufsize`; AV1 and VP9 over longer times), without the container; `peak_bit_rate` of the output may lie above. Of sound alone the bit rate that its encoder is asked for, around which Opus and others vary. */
              max_bit_rate?: number;
              /** @description The sound in the same file or segments. */
              audio?: {
                /** @description As ffprobe names it. */
                codec: string;
                /** @description How many. */
                channels?: number;
                /** @description Asked of its encoder, in bits a second. */
                bit_rate?: number;
                /** @description BCP 47; absent where the source does not say. */
                language?: string;
              };
              /** @description How many channels, of sound alone. */
              channels?: number;
              /** @description BCP 47; absent where the source does not say. */
              language?: string;
            }[];
          /** @description Renditions of the preset that it would leave out. */
          dropped?: {
              /** @description The short side of its picture in pixels, as the preset has it. */
              size: number;
              /** @description Why, for people. */
              reason: string;
            }[];
          /** @description What a viewer would miss, for people. */
          warnings?: string[];
          /** @description Why the preset refuses the source; absent when it takes it. */
          error?: {
            /**
             * @description The kind of fault, for programs.
             * @enum {string}
             */
            kind: "invalid" | "unauthenticated" | "forbidden" | "not_found" | "conflict" | "too_large" | "rate_limited" | "busy" | "unreachable" | "timeout" | "source_failed" | "encode_failed" | "delivery_failed" | "worker_lost" | "cancelled" | "internal";
            /** @description For people. */
            message: string;
          };
        })[];
    };
    Preset: {
      /** @description What an order's `preset` names. */
      name: string;
      /** @description What it makes, for people. */
      description: string;
      /** @description single, hls, dash or cmaf. */
      output_type: string;
      /** @description Of a single file, without the dot. */
      extension?: string;
      /** @description What it makes: video (one file that plays), streaming (segments), audio (sound alone) or images; absent from workers of former versions. */
      group?: string;
      /** @description What the media are packed in: the extension of a single file, mpegts or fmp4 of segments; absent for images, and where your own arguments do not tell. */
      container?: string;
      /** @description What it makes of a source that is large enough and has sound, the largest picture first; absent for your own arguments, whose output is not known before. */
      renditions?: {
          /** @description video, audio, subtitles or image. */
          kind: string;
          /** @description As ffprobe names it. */
          codec: string;
          /** @description The short side of its picture in pixels, at most; absent for thumbnails. */
          size?: number;
          /** @description The preset's `maxrate` in bits a second: what the encoder keeps to on average over its buffer (`bufsize`; AV1 and VP9 over longer times), without the container; `peak_bit_rate` of the output may lie above. Of sound alone the bit rate that its encoder is asked for, around which Opus and others vary. */
          max_bit_rate?: number;
          /** @description `keep` where the picture of an HDR source stays HDR; absent where it is tone-mapped. */
          hdr?: string;
        }[];
      /** @description The `params` that orders of tenants may set, each with `true`, bounds or a list of values, which hold for all orders. Absent: a tenant's orders set none, unless TENANTS_FILE grants it. */
      allow?: {
        crf?: true | {
          /** @description The least that an order may say. Default: the least that the service takes. */
          min?: number;
          /** @description The most that an order may say. Default: the most that the service takes. */
          max?: number;
        } | number[];
        bitrate?: true | {
          /** @description The least that an order may say. Default: the least that the service takes. */
          min?: string;
          /** @description The most that an order may say. Default: the most that the service takes. */
          max?: string;
        } | string[];
        maxrate?: true | {
          /** @description The least that an order may say. Default: the least that the service takes. */
          min?: string;
          /** @description The most that an order may say. Default: the most that the service takes. */
          max?: string;
        } | string[];
        size?: true | {
          /** @description The least that an order may say. Default: the least that the service takes. */
          min?: number;
          /** @description The most that an order may say. Default: the most that the service takes. */
          max?: number;
        } | number[];
        frame_rate?: true | ({
          /** @description The least that an order may say. Default: the least that the service takes. */
          min?: number | string;
          /** @description The most that an order may say. Default: the most that the service takes. */
          max?: number | string;
        }) | ((number | string)[]);
        speed?: true | (("ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium" | "slow" | "slower" | "veryslow")[]);
        audio_bitrate?: true | {
          /** @description The least that an order may say. Default: the least that the service takes. */
          min?: string;
          /** @description The most that an order may say. Default: the most that the service takes. */
          max?: string;
        } | string[];
        loudness?: true | {
          /** @description The least that an order may say. Default: the least that the service takes. */
          min?: number;
          /** @description The most that an order may say. Default: the most that the service takes. */
          max?: number;
        } | number[];
        segment_seconds?: true | {
          /** @description The least that an order may say. Default: the least that the service takes. */
          min?: number;
          /** @description The most that an order may say. Default: the most that the service takes. */
          max?: number;
        } | number[];
        gop_seconds?: true | {
          /** @description The least that an order may say. Default: the least that the service takes. */
          min?: number;
          /** @description The most that an order may say. Default: the most that the service takes. */
          max?: number;
        } | number[];
      };
    };
    PresetPage: {
      presets: components["schemas"]["Preset"][];
    };
    Worker: OneOf<[{
      /** @description The worker as WORKER_NODES names it. */
      address: string;
      /** @constant */
      reachable: false;
      /**
       * @description Not connected, and not asked, because asking would start its machine.
       * @enum {boolean}
       */
      asleep?: true;
      /**
       * @description Waited for by an order or a question, for up to WORKER_STARTUP_TIMEOUT: its machine may be starting.
       * @enum {boolean}
       */
      starting?: true;
    }, {
      /** @description The worker as WORKER_NODES names it. */
      address: string;
      /** @constant */
      reachable: true;
      /** @description A name for people; not unique. */
      worker_id: string;
      /** @description Of the worker. */
      version: string;
      /** @description Jobs and dry runs that go on there now. */
      current_jobs: number;
      /** @description Jobs that it runs at a time. */
      max_concurrent_jobs: number;
      /** @description The ids of those that run now. */
      active_job_ids: string[];
      /** @description True when it takes no more jobs and will stop. */
      draining: boolean;
      /** @description The load average of the last minute, divided by the cores. */
      load: number;
      /** @description The resident memory of the worker process in bytes. */
      memory: number;
      /** @description The cores that it may use. */
      cpus?: number;
      /** @description The memory of its machine, or of the control group that limits it, in bytes. */
      machine_memory?: number;
      /** @description What it may still write to the disk of its WORK_DIR, in bytes. */
      disk_free?: number;
      /** @description The size of that disk, in bytes. */
      disk_total?: number;
      /** @description What its ffmpeg calls itself. */
      ffmpeg_version?: string;
      /** @description When the process started, RFC 3339. */
      started_at?: string;
      /** @description What it can do: storages as storage:<name>, and of its ffmpeg ffmpeg:<major.minor>, encoder:<name>, filter:<name>. */
      capabilities: string[];
    }]>;
    WorkerPage: {
      workers: components["schemas"]["Worker"][];
    };
    Health: {
      /** @description ok, ready or stopping. */
      status: string;
      incomplete?: {
          /** @description What is missing: `records`, `waiting room`, or a worker. */
          part: string;
          /** @description Why; it names what did not answer. */
          reason: string;
        }[];
    };
    JwkSet: {
      keys: {
          /**
           * @description The type of the key.
           * @constant
           */
          kty: "OKP";
          /**
           * @description Its curve.
           * @constant
           */
          crv: "Ed25519";
          /** @description The public key, in base64url. */
          x: string;
          /** @description Its thumbprint (RFC 7638), which certificates name as `keyid`. */
          kid: string;
          /**
           * @description What it is for.
           * @constant
           */
          use: "sig";
          /**
           * @description The algorithm.
           * @constant
           */
          alg: "EdDSA";
        }[];
    };
    Problem: {
      /**
       * Format: uri
       * @description A URN that names the kind.
       */
      type: string;
      /** @description The kind in words. */
      title: string;
      /** @description The HTTP status. */
      status: number;
      /** @description What went wrong, for people. */
      detail: string;
      /**
       * Format: uri-reference
       * @description The path that was asked for.
       */
      instance: string;
      /**
       * @description The kind of fault, for programs.
       * @enum {string}
       */
      kind: "invalid" | "unauthenticated" | "forbidden" | "not_found" | "conflict" | "too_large" | "rate_limited" | "busy" | "unreachable" | "timeout" | "source_failed" | "encode_failed" | "delivery_failed" | "worker_lost" | "cancelled" | "internal";
      errors?: {
          /** @description The field as the request names it. */
          field: string;
          /** @description What is wrong with it. */
          message: string;
        }[];
      /** @description The job that failed, or may exist. */
      job_id?: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: {
    /** @description The address of the job or upload. */
    Location: string;
    /** @description `true` when an earlier order made the job. */
    "Idempotency-Replayed": string;
    /** @description The wait that was granted. */
    "Preference-Applied": string;
    /** @description How many requests (q) in how many seconds (w); absent without a limit. */
    "RateLimit-Policy": string;
    /** @description How many are left (r), and the seconds until all are again (t). */
    RateLimit: string;
    /** @description What the key or token may do. */
    "X-OAuth-Scopes": string;
    /** @description Seconds to wait. */
    "Retry-After": number;
    /** @description What is missing or wrong (RFC 6750). */
    "WWW-Authenticate": string;
  };
  pathItems: never;
}

export type $defs = Record<string, never>;

export type external = Record<string, never>;

export interface operations {

  /**
   * Running and recent jobs, newest first
   * @description Running jobs of the connected workers, and the records in storage. Wakes no worker.
   */
  listJobs: {
    parameters: {
      query?: {
        /** @description Jobs in a page. */
        limit?: number;
        /** @description Only jobs in this state. */
        status?: "queued" | "processing" | "uploading" | "completed" | "failed" | "cancelled";
        /** @description Only jobs of this tenant; empty: those of none. Without the scope `admin` it can only be your own. */
        tenant?: string;
        /** @description Only jobs with this preset. */
        preset?: string;
        /** @description Only jobs made at this time or later: RFC 3339, or a day (UTC). Default: 31 days before the newest of the page. */
        since?: string;
        /** @description Only jobs made before this time: RFC 3339, or a day (UTC). Default: now. */
        until?: string;
        /** @description Only jobs whose source's file name has this text in it, in capitals or not. Each page looks through at most 1,000 records: it may be empty, and `next_cursor` goes on. */
        source?: string;
        /** @description Only jobs whose encoded output a worker keeps, to be delivered by a retry. */
        kept?: "true" | "false";
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
    };
    responses: {
      /** @description A page. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/json": components["schemas"]["JobPage"];
        };
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of records does not answer; `errors` names it under RECORD_STORAGE */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /** Order an encode */
  submitJob: {
    parameters: {
      header?: {
        /** @description RFC 7240. `wait=60` answers 200 with the final state if the job completes within 60 seconds, else 202; `wait` alone waits to the end. A job that fails meanwhile answers with its fault. */
        Prefer?: string;
        /** @description 1 to 255 ASCII characters. The same key and order give the same job as before, with Idempotency-Replayed: true, until a day after its end. */
        "Idempotency-Key"?: string;
      };
    };
    /** @description At most 1 MiB. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["Order"];
      };
    };
    responses: {
      /** @description The job completed while the client waited. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/json": components["schemas"]["Event"];
        };
      };
      /** @description A worker has the job: from now on it lives whatever happens to this connection. */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/json": components["schemas"]["Accepted"];
        };
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body did not arrive in time */
      408: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `conflict`: the job has ended, is being published or cannot be repeated, or the destination holds another output. `cancelled`: the job was cancelled while the client waited */
      409: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `too_large`: the body is over 1 MiB */
      413: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body is not sent as application/json, or is compressed */
      415: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the Idempotency-Key was used for another order. `source_failed`: the source cannot be fetched, or is not media. `encode_failed`: ffmpeg failed, or its output did not verify; `detail` carries the last lines that ffmpeg wrote */
      422: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the worker stopped answering after it was sent an order without Idempotency-Key: look for the job of `job_id` before you order it again. `worker_lost`: the job's worker is gone and nobody can finish the job. `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `delivery_failed`: the storage refused the output, after retries */
      502: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of records does not answer; `errors` names it under RECORD_STORAGE. `busy`: every worker that answered is full, out of disk or draining; try again after Retry-After seconds. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `timeout`: the job's deadline passed */
      504: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /** A job's state */
  getJob: {
    parameters: {
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
    responses: {
      /** @description Its last event, and its order. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/json": components["schemas"]["Job"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of records does not answer; `errors` names it under RECORD_STORAGE. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Cancel a job, or remove one that has ended
   * @description A cancel removes what the job had uploaded; it is refused once the job has ended or is being published. With `output=true` an ended job goes, with what it has published, what a worker keeps of it, its pending webhooks and its record; what another job has put in the place of an object stays. A removal that fails can be repeated.
   */
  cancelJob: {
    parameters: {
      query?: {
        /** @description `true` removes an ended job with what it has published and all that is remembered of it, and needs the scope `jobs:remove`; else the job is cancelled. */
        output?: "true" | "false";
      };
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
    responses: {
      /** @description The job was removed. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/json": components["schemas"]["Removal"];
        };
      };
      /** @description The worker was told to cancel it. */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/json": components["schemas"]["Accepted"];
        };
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `conflict`: the job has ended, is being published or cannot be repeated, or the destination holds another output */
      409: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `delivery_failed`: not all could be removed, because the storage refused it; the job is still known, and it can be repeated */
      502: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of records does not answer; `errors` names it under RECORD_STORAGE. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /** Change the priority of a job that waits */
  changeJob: {
    parameters: {
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
    /** @description What changes. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["JobChange"];
      };
    };
    responses: {
      /** @description The job with its new position. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/json": components["schemas"]["Job"];
        };
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body did not arrive in time */
      408: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `conflict`: the job has ended, is being published or cannot be repeated, or the destination holds another output */
      409: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `too_large`: the body is over 1 MiB */
      413: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body is not sent as application/json, or is compressed */
      415: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the Idempotency-Key was used for another order */
      422: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * What presets would make of a source: a dry run
   * @description A worker fetches and examines the whole source as it does for a job, in a slot of its own and under the same limits, for at most 10 minutes, and keeps nothing. It encodes nothing. It ends with the connection. It does not come before orders that wait, and counts as a job of its client.
   */
  planJob: {
    /** @description At most 1 MiB. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["PlanOrder"];
      };
    };
    responses: {
      /** @description What each preset would make, or why it refuses the source. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/json": components["schemas"]["Plan"];
        };
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body did not arrive in time */
      408: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `too_large`: the body is over 1 MiB */
      413: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body is not sent as application/json, or is compressed */
      415: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `source_failed`: the source cannot be fetched, or is not media */
      422: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `busy`: every worker that answered is full, out of disk or draining; try again after Retry-After seconds. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `timeout`: the job's deadline passed */
      504: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * How much waits for a worker
   * @description Of the client's tenant; with the scope `admin` of all. Not found where the service has no QUEUE_URL.
   */
  readQueue: {
    responses: {
      /** @description The numbers of the waiting room. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/json": components["schemas"]["Queue"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Order an ended job again
   * @description The new job has the ended one's destination. A conflict when the job has not ended, when its source's address was not kept in full, or its callback_url was not and the body names none.
   */
  retryJob: {
    parameters: {
      header?: {
        /** @description RFC 7240. `wait=60` answers 200 with the final state if the job completes within 60 seconds, else 202; `wait` alone waits to the end. A job that fails meanwhile answers with its fault. */
        Prefer?: string;
        /** @description 1 to 255 ASCII characters. The same key and order give the same job as before, with Idempotency-Replayed: true, until a day after its end. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
    /** @description What is to be otherwise. */
    requestBody?: {
      content: {
        "application/json": components["schemas"]["RetryOrder"];
      };
    };
    responses: {
      /** @description The job completed while the client waited. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/json": components["schemas"]["Event"];
        };
      };
      /** @description A worker has the job: from now on it lives whatever happens to this connection. */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/json": components["schemas"]["Accepted"];
        };
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body did not arrive in time */
      408: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `conflict`: the job has ended, is being published or cannot be repeated, or the destination holds another output. `cancelled`: the job was cancelled while the client waited */
      409: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `too_large`: the body is over 1 MiB */
      413: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body is not sent as application/json, or is compressed */
      415: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the Idempotency-Key was used for another order. `source_failed`: the source cannot be fetched, or is not media. `encode_failed`: ffmpeg failed, or its output did not verify; `detail` carries the last lines that ffmpeg wrote */
      422: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the worker stopped answering after it was sent an order without Idempotency-Key: look for the job of `job_id` before you order it again. `worker_lost`: the job's worker is gone and nobody can finish the job. `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `delivery_failed`: the storage refused the output, after retries */
      502: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of records does not answer; `errors` names it under RECORD_STORAGE. `busy`: every worker that answered is full, out of disk or draining; try again after Retry-After seconds. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `timeout`: the job's deadline passed */
      504: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
          Location: components["headers"]["Location"];
          "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
          "Preference-Applied": components["headers"]["Preference-Applied"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * A job's events as they happen
   * @description Server-Sent Events: `id` is the sequence, `data` an Event. Begins with what came before, a comment every few seconds keeps it open, ends after the final event.
   */
  watchJob: {
    parameters: {
      header?: {
        /** @description The last sequence seen; events after it follow. */
        "Last-Event-ID"?: string;
      };
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
    responses: {
      /** @description The events. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "text/event-stream": string;
        };
      };
      /** @description The final event was seen: there is nothing more. */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: never;
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of records does not answer; `errors` names it under RECORD_STORAGE. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /** The presets on offer */
  listPresets: {
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/json": components["schemas"]["PresetPage"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /** How every worker is */
  listWorkers: {
    parameters: {
      query?: {
        /** @description `false` asks only the workers that are connected, so that no sleeping machine starts, and reports the others as asleep, or as starting where an order waits for them. Anything else asks all. */
        wake?: string;
      };
    };
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/json": components["schemas"]["WorkerPage"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Begin an upload
   * @description Resumable uploads by tus 1.0 with its extensions creation, creation-with-upload and termination. Not found where the service has no UPLOAD_STORAGE. An upload belongs to the client's tenant; a job reads it by the `input_url` `upload:<id>`. Where uploads are taken, `GET /healthz` has the header Tus-Version.
   */
  createUpload: {
    parameters: {
      header: {
        /** @description The version of the protocol: 1.0.0. */
        "Tus-Resumable": string;
        /** @description The size of the file in bytes, from 1 to MAX_UPLOAD_SIZE. */
        "Upload-Length": number;
        /** @description What HEAD tells again: names, each with a value in base64, comma separated; at most 4096 characters. */
        "Upload-Metadata"?: string;
      };
    };
    /** @description The first bytes, if any. */
    requestBody?: {
      content: {
        "application/offset+octet-stream": unknown;
      };
    };
    responses: {
      /** @description It may be continued at Location. */
      201: {
        headers: {
          Location: components["headers"]["Location"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: never;
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such upload, or no uploads are taken */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body did not arrive whole; ask with HEAD */
      408: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: Tus-Resumable is missing, or another version */
      412: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `too_large`: more bytes than the upload was to have, than MAX_UPLOAD_SIZE, or than there is room for */
      413: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of uploads does not answer; try again */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /** Remove an upload */
  removeUpload: {
    parameters: {
      header: {
        /** @description The version of the protocol: 1.0.0. */
        "Tus-Resumable": string;
      };
      path: {
        /**
         * @description The upload's id, the last part of its Location.
         * @example 5f2b1c0d9e8a7f6b5c4d3e2f1a0b9c8d
         */
        id: string;
      };
    };
    responses: {
      /** @description Nothing is left of it. */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: never;
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such upload, or no uploads are taken */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `conflict`: a job that has not ended reads the upload */
      409: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: the upload has expired, or was removed */
      410: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: Tus-Resumable is missing, or another version */
      412: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of uploads does not answer; try again. `unreachable`: the storage of records does not answer; `errors` names it under RECORD_STORAGE. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /** Where an upload stands */
  readUpload: {
    parameters: {
      header: {
        /** @description The version of the protocol: 1.0.0. */
        "Tus-Resumable": string;
      };
      path: {
        /**
         * @description The upload's id, the last part of its Location.
         * @example 5f2b1c0d9e8a7f6b5c4d3e2f1a0b9c8d
         */
        id: string;
      };
    };
    responses: {
      /** @description Upload-Offset and Upload-Length tell. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: never;
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such upload, or no uploads are taken */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: the upload has expired, or was removed */
      410: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: Tus-Resumable is missing, or another version */
      412: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of uploads does not answer; try again */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Go on with an upload
   * @description After a broken connection ask with HEAD first: bytes that arrived are kept as far as the storage can.
   */
  continueUpload: {
    parameters: {
      header: {
        /** @description The version of the protocol: 1.0.0. */
        "Tus-Resumable": string;
        /** @description Where the upload stands, in bytes, as HEAD tells it. */
        "Upload-Offset": number;
      };
      path: {
        /**
         * @description The upload's id, the last part of its Location.
         * @example 5f2b1c0d9e8a7f6b5c4d3e2f1a0b9c8d
         */
        id: string;
      };
    };
    /** @description The bytes from Upload-Offset on, any number. */
    requestBody: {
      content: {
        "application/offset+octet-stream": unknown;
      };
    };
    responses: {
      /** @description Upload-Offset tells where it stands now; the upload is finished when that is its length. */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: never;
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such upload, or no uploads are taken */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the body did not arrive whole; ask with HEAD */
      408: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `conflict`: Upload-Offset is not where the upload stands, or the upload is finished */
      409: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: the upload has expired, or was removed */
      410: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: Tus-Resumable is missing, or another version */
      412: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `too_large`: more bytes than the upload was to have, than MAX_UPLOAD_SIZE, or than there is room for */
      413: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `invalid`: the bytes are not sent as application/offset+octet-stream */
      415: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of uploads does not answer; try again */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * The signed certificate of what a job made
   * @description An in-toto statement with SLSA provenance in an envelope of DSSE, one line of JSON. Not found before the job has completed, and where its worker had no SIGNING_KEY.
   */
  readCertificate: {
    parameters: {
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
    responses: {
      /** @description The certificate, as it was signed. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/vnd.in-toto.bundle": string;
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of records does not answer; `errors` names it under RECORD_STORAGE. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * What ffmpeg said in a job that failed
   * @description At most the last 1 MiB, in whole lines; the first line says so where more was said. URLs are `<url>`, paths `<file>`, and 32 hex digits `<key>`. Not found before the job has failed, for one that ended otherwise, and where ffmpeg had not begun to encode.
   */
  readLog: {
    parameters: {
      path: {
        /**
         * @description The job's id.
         * @example 1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90
         */
        id: string;
      };
    };
    responses: {
      /** @description The log. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "text/plain": string;
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now. `unreachable`: the storage of records does not answer; `errors` names it under RECORD_STORAGE. `unreachable`: no worker that could answer did; try again after Retry-After seconds */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * The public keys of certificates
   * @description Of SIGNING_PUBLIC_KEYS; not found where that is not set. May be kept for an hour.
   */
  readKeys: {
    responses: {
      /** @description A JSON Web Key Set. */
      200: {
        content: {
          "application/jwk-set+json": components["schemas"]["JwkSet"];
        };
      };
      /** @description The keys are those of If-None-Match. */
      304: {
        content: never;
      };
      /** @description `not_found`: there is no such job or preset */
      404: {
        headers: {
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Metrics for Prometheus
   * @description Needs the scope `metrics:read`, unless METRICS_PUBLIC=true. Holds what this replica saw and what the connected workers say of themselves; wakes no worker.
   */
  readMetrics: {
    responses: {
      /** @description The Prometheus text format. */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "text/plain": string;
        };
      };
      /** @description `unauthenticated`: the API key is missing or wrong */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`: the client may not do this */
      403: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `rate_limited`: too many requests; try again after Retry-After seconds */
      429: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `unreachable`: the token cannot be checked now */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          "X-OAuth-Scopes": components["headers"]["X-OAuth-Scopes"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /** Whether the control plane answers */
  isAlive: {
    responses: {
      /** @description `{"status": "ok"}` */
      200: {
        content: {
          "application/json": components["schemas"]["Health"];
        };
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /** Whether it takes requests */
  isReady: {
    responses: {
      /** @description `{"status": "ready"}` */
      200: {
        content: {
          "application/json": components["schemas"]["Health"];
        };
      };
      /** @description `invalid`: the request is wrong; `errors` names each field and why */
      400: {
        headers: {
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `internal`: anything else; the log has the cause */
      500: {
        headers: {
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It is stopping. */
      503: {
        content: {
          "application/json": components["schemas"]["Health"];
        };
      };
    };
  };
}
