/// The looks of the pages.
enum Stylesheet {
  /// Of what all of them have. Colours are chosen by the reader's system; text has a contrast of at least 4.5 to 1 (WCAG 2.2,
  /// 1.4.3).
  static let frame = colours + layout
  /// Of pages that are ours from top to bottom.
  static let pages = text + reference + small + paper

  private static let colours = """
    :root {
      color-scheme: light dark;
      --page: #ffffff; --raised: #f5f7fa; --text: #1b2026; --muted: #56606b; --line: #d5dbe2; --link: #0b57d0;
      --code: #eef1f5; --notice: #fff6dd; --notice-line: #c99700;
      --get: #0b6b3a; --post: #0b4fb3; --put: #7a4a00; --patch: #6a3fa0; --delete: #b3261e;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #101418; --raised: #171c22; --text: #e4e8ec; --muted: #9aa5b1; --line: #2d353e; --link: #8ab4f8;
        --code: #1f262e; --notice: #2b2410; --notice-line: #c99700;
        --get: #6dd58c; --post: #8ab4f8; --put: #f2b866; --patch: #c9a6f5; --delete: #f2a49d;
      }
    }

    """

  private static let layout = """
    *, *::before, *::after { box-sizing: border-box; }
    html { font: 100%/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; scroll-padding-top: 4rem; }
    a { color: var(--link); }
    body { margin: 0; background: var(--page); color: var(--text); }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: 1rem; top: .6rem; z-index: 2; background: var(--page); padding: .3rem .6rem; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .top {
      position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: .2rem 1.5rem;
      padding: .6rem 1.5rem; background: var(--raised); border-bottom: 1px solid var(--line);
    }
    .brand { display: inline-flex; align-items: center; gap: .5rem; font-weight: 650; color: var(--text); }
    .top nav { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
    .top a { text-decoration: none; padding: .15rem 0; }
    .top a:hover { text-decoration: underline; }
    .top a[aria-current] { color: var(--text); box-shadow: 0 2px 0 var(--link); }
    @media (max-width: 60rem) { .top { position: static; padding: .6rem 1rem; } }
    .columns { display: grid; grid-template-columns: 19rem minmax(0, 1fr); max-width: 90rem; margin: 0 auto; }
    .contents {
      position: sticky; top: 3.1rem; align-self: start; height: calc(100vh - 3.1rem); overflow-y: auto;
      padding: 1.2rem 1rem 3rem 1.5rem; border-right: 1px solid var(--line); font-size: .875rem;
    }
    .contents ul { list-style: none; margin: 0; padding: 0; }
    .contents > ul > li { margin-bottom: .9rem; }
    .contents > ul > li > a { font-weight: 650; color: var(--text); text-transform: capitalize; }
    .contents a { display: block; padding: .18rem 0; text-decoration: none; overflow-wrap: anywhere; }
    .contents a:hover { text-decoration: underline; }
    main { padding: 1.5rem 2.5rem 6rem; min-width: 0; }
    .narrow { max-width: 52rem; margin: 0 auto; }

    """

  private static let text = """
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: .5rem 0; letter-spacing: -.01em; }
    h2 { font-size: 1.4rem; margin: 3rem 0 .5rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
    main > h2 { border: 0; margin-top: 2rem; font-size: 1.15rem; }
    section > h2 { text-transform: capitalize; }
    h3 { font-size: 1.05rem; margin: 0 0 .4rem; overflow-wrap: anywhere; }
    h4 { font-size: .8rem; letter-spacing: .05em; text-transform: uppercase; color: var(--muted); margin: 1.4rem 0 .4rem; }
    p, ul { margin: .5rem 0; max-width: 46rem; }
    .lead { color: var(--muted); font-size: 1.05rem; margin-top: 0; }
    code, pre { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    :not(pre) > code { background: var(--code); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
    pre {
      background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; overflow-x: auto;
      margin: .4rem 0; tab-size: 2;
    }
    .table { overflow-x: auto; margin: .4rem 0 .8rem; }
    table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); }
    thead th { color: var(--muted); font-weight: 550; font-size: .8rem; }
    tbody th { font-weight: 500; white-space: nowrap; }
    details { margin: .4rem 0; }
    summary { cursor: pointer; color: var(--link); padding: .2rem 0; font-size: .9rem; width: fit-content; }
    .notice {
      background: var(--notice); border: 1px solid var(--notice-line); border-radius: 8px; padding: .2rem 1rem; margin: 1rem 0;
    }

    """

  private static let reference = """
    article {
      border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.3rem; margin: 1.2rem 0; background: var(--page);
    }
    article:target { border-color: var(--link); box-shadow: 0 0 0 1px var(--link); }
    .method { font: 650 .75rem/1.4 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; letter-spacing: .03em; }
    h3 .method { border: 1px solid currentcolor; border-radius: 5px; padding: .1rem .45rem; margin-right: .3rem; }
    .method.get { color: var(--get); } .method.post { color: var(--post); } .method.put { color: var(--put); }
    .method.patch { color: var(--patch); } .method.delete { color: var(--delete); }
    h3 .path { background: none; padding: 0; font-size: 1rem; }
    .summary { font-size: 1.05rem; }
    .required { color: var(--delete); font-size: .75rem; }
    .fields { margin: .3rem 0 0; padding-left: 1.1rem; font-size: .85rem; color: var(--muted); }
    .links dt { font-weight: 600; margin-top: .9rem; }
    .links dd { margin: 0; color: var(--muted); }
    .crumbs { margin: .5rem 0 0; font-size: .9rem; }

    """

  private static let small = """
    @media (max-width: 60rem) {
      .columns { display: block; }
      .contents { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: .8rem 1rem; }
      .contents > ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
      .contents > ul > li { margin: 0; }
      .contents ul ul { display: none; }
      main { padding: 1rem 1rem 4rem; }
      article { padding: .9rem .9rem; }
    }
    @media (max-width: 40rem) {
      pre { white-space: pre-wrap; overflow-wrap: anywhere; }
      thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      table, tbody, tr, th, td { display: block; }
      tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
      th, td { border: 0; padding: .1rem 0; }
      tbody th { white-space: normal; overflow-wrap: anywhere; }
      td:empty { display: none; }
      td[data-label]::before { content: attr(data-label) ": "; color: var(--muted); }
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
    @media (prefers-contrast: more) { :root { --muted: var(--text); --line: currentcolor; } }

    """

  private static let paper = """
    @media print {
      :root {
        --page: #fff; --raised: #fff; --text: #000; --muted: #333; --line: #999; --link: #000; --code: #f4f4f4;
        --get: #000; --post: #000; --put: #000; --patch: #000; --delete: #000;
      }
      html { font-size: 10pt; }
      .top, .contents, .skip { display: none; }
      .columns { display: block; }
      main { padding: 0; }
      article { border: 0; border-top: 1px solid #999; border-radius: 0; padding: .6rem 0; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; }
      .table { overflow: visible; }
      tbody th { white-space: normal; }
      h2, h3, h4, summary { break-after: avoid; }
      tr, pre { break-inside: avoid; }
      details::details-content { content-visibility: visible; block-size: auto; }
    }

    """
}
