extension TeXPreamble {
  // Headings, entries, lists, and the two columns.
  static let layout = ##"""
    \makeatletter
    \newcommand{\quietly}[1]{\textcolor{\quietcolor}{#1}}
    \newcommand{\tinted}[1]{\textcolor{\headingcolor}{#1}}
    % Signs between things in a row, which are not there where a line ends.
    \newcommand{\bars}{\unskip\discretionary{}{}{\hbox{\enspace\,\quietly{\textbar}\,\enspace}}\ignorespaces}
    \newcommand{\dotted}{\unskip\discretionary{}{}{\hbox{\enspace\quietly{\textperiodcentered}\enspace}}\ignorespaces}

    % \sides{left}{right}
    \newcommand{\sides}[2]{\par
      \setbox0\hbox{#2}%
      \parbox[t]{\dimexpr\hsize-\wd0-1em\relax}{\raggedright\strut#1\strut}\hfill\box0\par}
    \newcommand{\onlyleft}[1]{\par\begingroup\raggedright#1\par\endgroup}

    \newcommand{\heading}[1]{\par
      \penalty-200\vskip\sectionbefore
      \begingroup
      \raggedright\headingfont\tinted{#1}\vrule width0pt height9pt depth3pt\par
      \endgroup
      \nobreak\vskip0.5pt\nointerlineskip
      \hbox to\hsize{\tinted{\leaders\hrule height0.6pt\hfill}}%
      \nobreak\vskip\sectionafter}
    \newcommand{\sublabel}[1]{\par\begingroup\raggedright\headsfamily\bfseries\selectfont#1\par\endgroup\nobreak}
    \newcommand{\gap}{\par\penalty-50\vskip\dimexpr\itemgap+3pt\relax}
    % The top of a page: in the middle of it, or at the left of a narrow column.
    \newcommand{\centredname}[1]{\begingroup\centering
      \headsfamily\bfseries\fontsize{24}{28}\selectfont\tinted{#1}\par\endgroup}
    \newcommand{\centredline}[1]{\begingroup\centering\headsfamily\fontsize{12}{15}\selectfont\quietly{#1}\par\endgroup}
    \newcommand{\contactline}[1]{\vskip2pt\begingroup\centering#1\par\endgroup}
    \newcommand{\narrowname}[2]{\begingroup\raggedright
      \headsfamily\bfseries\fontsize{#1}{\dimexpr#1pt+3pt\relax}\selectfont#2\par\endgroup\nobreak\vskip2pt}
    \newcommand{\narrowline}[1]{\begingroup\raggedright\fontsize{11.5}{14}\selectfont#1\par\endgroup}
    \newcommand{\contact}[1]{\par\begingroup\raggedright#1\par\endgroup\vskip1.5pt}

    \newcommand{\entry}[2]{\sides{\textbf{#1}}{\quietly{#2}}\nobreak}
    \newcommand{\longentry}[1]{\onlyleft{\textbf{#1}}\nobreak}
    \newcommand{\subentry}[2]{\sides{#1}{\quietly{\textit{#2}}}\nobreak}
    \newcommand{\longsubentry}[1]{\onlyleft{#1}\nobreak}
    \newcommand{\paragraphtext}[1]{\par\begingroup\raggedright#1\par\endgroup}
    \newcommand{\letterparagraph}[1]{\paragraphtext{#1}\vskip6pt}
    \newcommand{\fact}[2]{\textbf{#1:} #2}
    \newcommand{\point}[1]{\par\begingroup
      \raggedright\leftskip=1.1em
      \noindent\llap{\hbox to1.1em{\quietly{\textbullet}\hss}}#1\par
      \endgroup}

    % Two columns that go on over the pages, each by itself: both are set first, then cut into pages.
    \newdimen\sidewidth
    \newdimen\columnheight
    \newbox\sidebox
    \newbox\mainbox
    \newbox\sidepage
    \newbox\mainpage
    \newcommand{\set@column}[2]{%
      \global\setbox#1\vbox\bgroup
      \hsize=#2\linewidth=#2\columnwidth=#2\relax}
    \newenvironment{sidecolumn}{%
      \set@column\sidebox{\dimexpr\sidewidth-2\pagepadding\relax}%
      \renewcommand{\headingcolor}{sidetext}\renewcommand{\quietcolor}{sidequiet}}{\par\egroup}
    \newenvironment{maincolumn}{%
      \set@column\mainbox{\dimexpr\paperwidth-\sidewidth-2\mainpadding\relax}}{\par\egroup}
    \newcommand{\shipcolumns}{%
      \splittopskip=\baselineskip
      \vbadness=10000\vfuzz=\maxdimen\hbadness=10000
      \cut@columns}
    \newcommand{\cut@columns}{%
      \setbox\sidepage\vsplit\sidebox to\columnheight
      \setbox\mainpage\vsplit\mainbox to\columnheight
      \column@page
      \ifvoid\sidebox\ifvoid\mainbox\else\expandafter\expandafter\expandafter\cut@columns\fi
      \else\expandafter\cut@columns\fi}
    \newcommand{\column@page}{%
      \vbox to\paperheight{\offinterlineskip
        \hbox to0pt{\textcolor{side}{\vrule width\sidewidth height\paperheight}\hss}%
        \vskip-\paperheight
        \vskip\pagetop
        \hbox to\paperwidth{%
          \hskip\pagepadding\begingroup\color{sidetext}\hbox to\dimexpr\sidewidth-2\pagepadding\relax{\box\sidepage\hss}\endgroup
          \hskip\pagepadding\hskip\mainpadding\box\mainpage\hss}%
        \vss}%
      \newpage}
    \makeatother

    """##
}
