import { languageOf } from "./language.ts";

/**
 * The three letters of a language in a container (ISO 639-2): mp4 has its terms, Matroska the older bibliographic ones.
 * Undefined where nothing says the language, or it has none.
 */
export function languageCode(tag: string | undefined, extension: string): string | undefined {
  const [primary = ""] = languageOf(tag)?.tag.split("-") ?? [];
  const term = primary.length === 3 ? primary : terms.get(primary);
  return term && extension === "webm" ? (bibliographic[term] ?? term) : term;
}

/** ISO 639-1 and the terms of ISO 639-2, for languages that have both. */
const pairs =
  "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bibis bmbam bnben bobod brbre " +
  "bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest " +
  "eueus fafas ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat " +
  "huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz " +
  "klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao ltlit lulub lvlav mgmlg " +
  "mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya " +
  "ococi ojoji omorm orori ososs papan pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme " +
  "sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk " +
  "tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid yoyor " +
  "zazha zhzho zuzul";
const terms: ReadonlyMap<string, string> = new Map(pairs.split(" ").map((pair) => [pair.slice(0, 2), pair.slice(2)]));

const bibliographic: Readonly<Record<string, string>> = {
  ...{ sqi: "alb", hye: "arm", eus: "baq", mya: "bur", zho: "chi", ces: "cze", nld: "dut", fra: "fre", kat: "geo" },
  ...{ deu: "ger", ell: "gre", isl: "ice", mkd: "mac", mri: "mao", msa: "may", fas: "per", ron: "rum", slk: "slo" },
  ...{ bod: "tib", cym: "wel" },
};
