/// The commands that documents are written with, the same for all of them: they are read once and kept as a format.
enum TeXPreamble {
  /// A whole preamble up to where documents differ.
  static let source = comment + fonts + layout

  private static let comment = """
    % A document for XeLaTeX; "xelatex FILE.tex" makes a PDF of it. It looks best with the fonts Linux Libertine and
    % Carlito, for letters they lack DejaVu Sans and WenQuanYi Micro Hei, and makes do with what there is.

    """

  // Plain setting, fonts, letters that the fonts lack, links.
  private static let fonts = ##"""
    \ifdefined\XeTeXversion\else\errmessage{This document needs XeLaTeX: xelatex FILE.tex}\fi
    \documentclass[10pt,letterpaper]{article}
    \usepackage[letterpaper,noheadfoot]{geometry}
    \usepackage{color}

    % Plain setting: nothing hyphenated, nothing indented, no page numbers.
    \pagestyle{empty}
    \raggedbottom
    \frenchspacing
    \setlength{\parindent}{0pt}
    \setlength{\parskip}{0pt}
    \hyphenpenalty=10000
    \clubpenalty=10000
    \widowpenalty=10000
    \emergencystretch=3em

    \definecolor{accent}{rgb}{0.12,0.25,0.42}
    \definecolor{quiet}{rgb}{0.33,0.36,0.40}
    \definecolor{side}{rgb}{0.13,0.19,0.27}
    \definecolor{sidetext}{rgb}{0.93,0.95,0.97}
    \definecolor{sidequiet}{rgb}{0.70,0.77,0.85}

    \newdimen\sectionbefore
    \newdimen\sectionafter
    \newdimen\itemgap
    \newdimen\pagepadding
    \newdimen\mainpadding
    \newdimen\pagetop
    \newcommand{\headingcolor}{accent}
    \newcommand{\quietcolor}{quiet}

    \makeatletter

    % \trydocumentfont{family}{shape}{names, the best first}: the first font there is. Names of files come first because they are
    % found quickly; without ligatures, so that programs read the letters that were written.
    \newcommand{\trydocumentfont}[4]{%
      \begingroup
      \suppressfontnotfounderror=1
      \let\found@font\relax
      \@for\font@name:=#4\do{%
        \ifx\found@font\relax
          \font\font@probe="\font@name" at 10pt\relax
          \ifx\font@probe\nullfont\else\global\let\found@font\font@name\fi
        \fi}%
      \endgroup
      \ifx\found@font\relax\else
        \edef\font@shape{\noexpand\DeclareFontShape{TU}{#1}{#2}{#3}{<->"\found@font:-liga;-clig;-dlig;-hlig"}{}}%
        \font@shape
      \fi}

    \newcommand{\documentfonts}[4]{%
      \DeclareFontFamily{TU}{#1}{}%
      \trydocumentfont{#1}{m}{n}{#2,[lmsans10-regular.otf]}%
      \trydocumentfont{#1}{b}{n}{#3,[lmsans10-bold.otf]}%
      \trydocumentfont{#1}{m}{it}{#4,[lmsans10-oblique.otf]}%
      \DeclareFontShape{TU}{#1}{bx}{n}{<->ssub*#1/b/n}{}%
      \DeclareFontShape{TU}{#1}{b}{it}{<->ssub*#1/b/n}{}}

    % \glyphs{letters}: in the first font that has them all, else each in the first that has it. What no font has is shown as a
    % box that still reads as the letter, and said in the log.
    \newcommand{\otherfonts}{[DejaVuSans.ttf],[wqy-microhei.ttc],[DroidSansFallbackFull.ttf],[NotoSansCJK-Regular.ttc],%
      [NotoSans-Regular.ttf],[NotoSansDevanagari-Regular.ttf],[NotoSansThai-Regular.ttf],[FreeSans.otf],[FreeSerif.otf]}
    \newif\ifallglyphs
    \newcommand{\test@glyphs}[2]{%
      \allglyphstrue
      \@tfor\one@glyph:=#2\do{%
        \iffontchar#1\expandafter`\one@glyph\relax\else\allglyphsfalse\fi}}
    \newcommand{\glyphs}[1]{\begingroup
      \suppressfontnotfounderror=1
      \choose@glyphs{#1}%
      \ifallglyphs\chosen@font#1\else\@tfor\lone@glyph:=#1\do{\expandafter\lone@glyphs\lone@glyph}\fi
      \endgroup}
    \newcommand{\choose@glyphs}[1]{%
      \let\chosen@font\relax
      \test@glyphs\font{#1}%
      \ifallglyphs\else
        \@for\font@name:=\otherfonts\do{%
          \ifallglyphs\else
            \find@font
            \ifx\chosen@font\nullfont\else\test@glyphs\chosen@font{#1}\fi
          \fi}%
      \fi}
    % Looking for a font takes long, so it is done once for each size, and once for all when it is not there.
    \newcommand{\find@font}{%
      \@ifundefined{absent@\font@name}{%
        \@ifundefined{\f@size @\font@name}{%
          \global\expandafter\font\csname\f@size @\font@name\endcsname="\font@name" at \f@size pt\relax
        }{}%
        \expandafter\let\expandafter\chosen@font\csname\f@size @\font@name\endcsname
        \ifx\chosen@font\nullfont\global\expandafter\let\csname absent@\font@name\endcsname=1\fi
      }{\let\chosen@font\nullfont}}
    \newcommand{\lone@glyphs}[1]{\begingroup
      \@ifundefined{missing@\number`#1}{\choose@glyphs{#1}}{\allglyphsfalse}%
      \ifallglyphs\chosen@font#1\else\missing@glyph{#1}\fi
      \endgroup}
    \newcommand{\missing@glyph}[1]{%
      \@ifundefined{missing@\number`#1}{%
        \wlog{No font has the character U+\hex@number{`#1}}%
        \expandafter\xdef\csname missing@\number`#1\endcsname{\utf@sixteen{`#1}}}{}%
      \special{pdf:code /Span <</ActualText <FEFF\csname missing@\number`#1\endcsname>>> BDC}\char"25A1\special{pdf:code EMC}}
    \newcommand{\hex@digit}[1]{\ifcase#1 0\or1\or2\or3\or4\or5\or6\or7\or8\or9\or A\or B\or C\or D\or E\or F\fi}
    \newcommand{\hex@four}[1]{\hex@split{#1}{4096}\hex@split{#1}{256}\hex@split{#1}{16}\hex@split{#1}{1}}
    \newcommand{\hex@split}[2]{\expandafter\hex@digit\expandafter{\the\numexpr\floor@div{#1}{#2}-16*\floor@div{\floor@div{#1}{#2}}{16}\relax}}
    \newcommand{\floor@div}[2]{((2*(#1)+1-#2)/(2*#2))}
    \newcommand{\hex@number}[1]{\ifnum#1>65535 \hex@split{#1}{1048576}\hex@split{#1}{65536}\fi\hex@four{#1}}
    \newcommand{\utf@sixteen}[1]{%
      \ifnum#1>65535
        \hex@four{\numexpr55296+\floor@div{\numexpr#1-65536\relax}{1024}\relax}%
        \hex@four{\numexpr56320+#1-65536-1024*\floor@div{\numexpr#1-65536\relax}{1024}\relax}%
      \else\hex@four{#1}\fi}

    % \ideographs{characters}: lines may end between them. \righttoleft{words}: run the other way.
    \newcommand{\ideographs}[1]{\begingroup
      \XeTeXlinebreaklocale "zh"\XeTeXlinebreakskip=0pt plus 0.06em\relax
      \glyphs{#1}\endgroup}
    \newcommand{\righttoleft}[1]{\beginR#1\endR}
    \newcommand{\softbreak}{\penalty100\hskip0pt\relax}

    % \documentinformation{title}{author}, in UTF-16.
    \newcommand{\documentinformation}[2]{%
      \special{pdf:docinfo <</Title <#1>/Author <#2>/Creator (Celerity)>>}%
      \special{pdf:docview <</ViewerPreferences <</DisplayDocTitle true>>>>}}

    % \link{address}{text}
    \newcommand{\link}[2]{%
      \begingroup
      \let\%\@percentchar\let\_\link@underscore
      \edef\#{\string##}\edef\&{\string&}\edef\~{\string~}%
      \special{pdf:bann <</Type/Annot/Subtype/Link/Border[0 0 0]/A<</S/URI/URI(#1)>>>>}%
      \endgroup
      #2\special{pdf:eann}}
    \edef\link@underscore{\string_}
    \makeatother

    """##
}
